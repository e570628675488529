package org.attention4j.core;

import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.Tensor;

/** Runs one composite op on the reference backend. */
public final class OneOp {
    private OneOp() {}

    /** The op's only result, as floats. */
    public static float[] run(CompositeOp op, Tensor... inputs) {
        return runAll(op, inputs).getFirst();
    }

    /** The op's results, as floats. */
    public static List<float[]> runAll(CompositeOp op, Tensor... inputs) {
        ImmutableMap.Builder<String, Tensor> named = ImmutableMap.builder();
        for (int i = 0; i < inputs.length; i++) {
            named.put(op.inputNames().get(i), inputs[i]);
        }
        try (Backend backend = Backends.create("reference", BackendOptions.DEFAULT);
                CompiledGraph compiled = backend.compile(graph(op, inputs), CompileOptions.DEFAULT)) {
            return compiled.run(named.buildOrThrow()).values().stream()
                    .map(Tensor::toFloatArray)
                    .toList();
        }
    }

    /** A graph of the op alone; its inputs have the op's names for them. */
    public static Graph graph(CompositeOp op, Tensor... inputs) {
        GraphBuilder b = new GraphBuilder(op.name());
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < inputs.length; i++) {
            TensorType type = TensorType.of(inputs[i].dtype(), inputs[i].shape());
            values.add(b.input(op.inputNames().get(i), type));
        }
        List<Value> results = b.call(op, values);
        for (int i = 0; i < results.size(); i++) {
            b.result("result" + i, results.get(i));
        }
        return b.build();
    }

    /** The message with which the op refuses inputs of these types. */
    public static String refusal(CompositeOp op, TensorType... types) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> op.infer(Arrays.asList(types)));
        return String.valueOf(e.getMessage());
    }
}
