package org.attention4j.onnx.emit;

import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Expansion;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Value;
import org.attention4j.onnx.proto.GraphProto;

/** Writes choices that are made when the model runs: ONNX's {@code If}. */
public final class Branches {
    private Branches() {}

    /**
     * Adds an {@code If}. The branches must not hold large constants: these are not packed for fast products.
     *
     * @param condition the name of a BOOL
     * @param then what is computed if it holds; its inputs are {@code inputs}, by order
     * @param otherwise what is computed if not, from the same inputs; results of the same types
     * @return the names of the results
     */
    public static List<String> on(OnnxWriter w, String condition, Graph then, Graph otherwise, List<Value> inputs) {
        // Names are given outside, so that both branches see them.
        inputs.forEach(w::name);
        return w.ops(
                "",
                "If",
                List.of(condition),
                then.results().size(),
                Attributes.of("then_branch", branch(w, then, inputs)),
                Attributes.of("else_branch", branch(w, otherwise, inputs)));
    }

    private static GraphProto branch(OnnxWriter w, Graph graph, List<Value> inputs) {
        Graph primitives = Expansion.toPrimitives(graph);
        OnnxWriter body = new OnnxWriter(primitives, w);
        for (int i = 0; i < inputs.size(); i++) {
            body.bind(primitives.inputs().get(i), w.name(inputs.get(i)));
        }
        ModelEmitter emitter = new ModelEmitter(w.context(), c -> Optional.empty());
        primitives.ops().forEach(op -> emitter.emit(body, op));
        for (Value result : primitives.results().values()) {
            body.result(body.unique("branch_result"), result);
        }
        return body.build();
    }
}
