package org.attention4j.core.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.Test;

class CompositeTest {
    private static final TensorType ROW = TensorType.of(DType.F32, Dim.of(3));
    private static final Value A = new Value("a", ROW);
    private static final Value B = new Value("b", ROW);
    private static final Composite PAIR = new Composite(
            new Ops.Pair(), List.of(A, B), List.of(new Value("layer/pair", ROW), new Value("layer/pair.2", ROW)));

    @Test
    void inputsAreFoundByTheOpsNames() {
        assertEquals(B, PAIR.input("y"));
        assertEquals(Optional.of(A), PAIR.findInput("x"));
        assertEquals(Optional.empty(), PAIR.findInput("bias"));
        assertEquals(
                "layer/pair: no input bias; there are [x, y]",
                assertThrows(IllegalArgumentException.class, () -> PAIR.input("bias"))
                        .getMessage());
    }

    @Test
    void isLabelledByItsFirstOutput() {
        assertEquals("layer/pair", PAIR.label());
        assertEquals("pair", PAIR.name());
        assertEquals(1, PAIR.op().version());
    }
}
