package org.attention4j.onnx.linear;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Linear;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.onnx.OneOp;
import org.attention4j.testkit.RandomTensors;
import org.junit.jupiter.api.Test;

/** The few quantised weights of a small model become F32, unless the user wants them as they are stored. */
class StoredWeightsTest {
    private static String lowering(Map<String, String> settings) {
        GraphBuilder b = new GraphBuilder("small");
        Value x = b.input("x", TensorType.of(DType.F32, Dims.SEQ, Dim.of(64)));
        Value weight = b.weight("w", RandomTensors.of(DType.Q8_0, 1, Shape.of(40, 64)));
        b.result("y", b.apply(new Linear(false), x, weight));
        Graph graph = b.build();
        BackendOptions options =
                new BackendOptions(Optional.empty(), OptionalInt.empty(), ImmutableMap.copyOf(settings));
        try (Backend onnx = Backends.create("onnx", options)) {
            return onnx.plan(graph, CompileOptions.DEFAULT).choices().getFirst().lowering();
        }
    }

    @Test
    void theyAreKeptIfTheUserWantsIt() {
        assertEquals("matmul_f32", lowering(Map.of()));
        assertEquals("matmul_f32", lowering(Map.of("weights", "fastest")));
        assertEquals(OneOp.fastProduct(DType.Q8_0), lowering(Map.of("weights", "stored")));
        assertEquals("matmul_nbits", lowering(Map.of("weights", "stored", "generated", "false")));
    }
}
