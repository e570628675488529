package org.attention4j.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.recurrence.Recurrence;
import org.attention4j.core.tensor.Tensor;

/** A recurrence in one of its forms, compiled once for runs of any length. */
final class RecurrenceRun implements AutoCloseable {
    private final CompiledGraph compiled;

    /** @param inputs of any length: of the others they have all dims but that */
    RecurrenceRun(Backend backend, Recurrence op, List<Tensor> inputs, Recurrence.Body form) {
        this.compiled = backend.compile(graph(op, inputs, form), CompileOptions.DEFAULT);
    }

    /** The op as it is, for the backend to choose how. */
    static Recurrence.Body call(Recurrence op) {
        return (b, in) -> b.call(op, in);
    }

    private static Graph graph(Recurrence op, List<Tensor> inputs, Recurrence.Body form) {
        GraphBuilder b = new GraphBuilder(op.name());
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            TensorType type = TensorType.of(inputs.get(i).dtype(), inputs.get(i).shape());
            boolean sequence = i >= op.numStates() && i < op.numStates() + op.numSequences();
            values.add(b.input("in." + i, sequence ? type.withDim(1, Dims.SEQ) : type));
        }
        List<Value> out = form.write(b, values);
        for (int i = 0; i < out.size(); i++) {
            b.result("out." + i, out.get(i));
        }
        return b.build();
    }

    /** The results, {@code out.0} and so on. */
    Map<String, Tensor> run(List<Tensor> inputs) {
        Map<String, Tensor> named = new LinkedHashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            named.put("in." + i, inputs.get(i));
        }
        return compiled.run(named);
    }

    @Override
    public void close() {
        compiled.close();
    }
}
