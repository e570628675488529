package org.attention4j.core.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.attention4j.core.norm.RmsNorm;
import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.Test;

class GraphTapTest {
    private static final TensorType ROW = TensorType.of(DType.F32, Dim.of(4));

    @Test
    void compositesBecomeResultsInTheOrderOfTheOps() {
        Graph tapped = GraphTap.composites(graph());
        assertEquals(
                List.of("sum", "last", "tap:rms_norm", "tap:layer/rms_norm"),
                List.copyOf(tapped.results().keySet()));
        assertEquals(
                List.of("layer/rms_norm"),
                tapped.results().values().stream().skip(3).map(Value::id).toList());
    }

    @Test
    void otherOpsCanBeChosen() {
        Graph tapped = GraphTap.ops(graph(), op -> op.name().equals("add"));
        assertEquals(List.of("sum", "last"), List.copyOf(tapped.results().keySet()), "it is a result already");
    }

    /** Three norms in a row; the last is a result. */
    private static Graph graph() {
        GraphBuilder b = new GraphBuilder("norms");
        Value x = b.input("x", ROW);
        Value w = b.input("w", ROW);
        Value first = b.apply(new RmsNorm(1e-5, 0), x, w);
        Value second = b.scoped("layer", () -> b.apply(new RmsNorm(1e-5, 0), first, w));
        b.result("sum", b.add(first, second));
        b.result("last", b.apply(new RmsNorm(1e-5, 0), second, w));
        return b.build();
    }
}
