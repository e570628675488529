package org.attention4j.onnx.emit;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Expansion;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.onnx.proto.GraphProto;

/** Writes choices that are made when the model runs: ONNX's {@code If}. */
public final class Branches {
    private Branches() {}

    /** What is computed in one of the cases; it sees the names of the graph around it that are given already. */
    @FunctionalInterface
    public interface Branch {
        /** The branch as a graph inside that of {@code outer}. */
        GraphProto write(OnnxWriter outer);
    }

    /**
     * Adds an {@code If}. The branches must not hold large constants: these are not packed for fast products.
     *
     * @param condition the name of a BOOL
     * @param then what is computed if it holds; its inputs are {@code inputs}, by order
     * @param otherwise what is computed if not, from the same inputs; results of the same types
     * @return the names of the results
     */
    public static List<String> on(OnnxWriter w, String condition, Graph then, Graph otherwise, List<Value> inputs) {
        Function<Composite, Optional<OnnxLowering>> none = c -> Optional.empty();
        Branch first = graph(Expansion.toPrimitives(then), inputs, none);
        Branch second = graph(Expansion.toPrimitives(otherwise), inputs, none);
        // Names are given outside, so that both branches see them.
        inputs.forEach(w::name);
        return on(w, condition, first, second, then.results().size());
    }

    /**
     * Adds an {@code If} of any branches.
     *
     * @param condition the name of a BOOL
     * @param then what is computed if it holds
     * @param otherwise what is computed if not
     * @param numOutputs of either
     * @return the names of the results
     */
    public static List<String> on(OnnxWriter w, String condition, Branch then, Branch otherwise, int numOutputs) {
        return w.ops(
                "",
                "If",
                List.of(condition),
                numOutputs,
                Attributes.of("then_branch", then.write(w)),
                Attributes.of("else_branch", otherwise.write(w)));
    }

    /**
     * A branch that computes what a graph does.
     *
     * @param inputs values outside that are the graph's inputs, by order
     * @param lowerings gives the lowering of every composite in the graph
     */
    public static Branch graph(Graph graph, List<Value> inputs, Function<Composite, Optional<OnnxLowering>> lowerings) {
        return outer -> {
            OnnxWriter body = new OnnxWriter(graph, outer);
            for (int i = 0; i < inputs.size(); i++) {
                body.bind(graph.inputs().get(i), outer.name(inputs.get(i)));
            }
            ModelEmitter emitter = new ModelEmitter(outer.context(), lowerings);
            graph.ops().forEach(op -> emitter.emit(body, op));
            for (Value result : graph.results().values()) {
                body.result(body.unique("branch_result"), result);
            }
            return body.build();
        };
    }

    /** A branch that computes what a composite of the graph outside does, by this lowering. */
    public static Branch lowered(Composite composite, OnnxLowering lowering) {
        return outer -> {
            OnnxWriter body = new OnnxWriter(new GraphBuilder(lowering.name()).build(), outer);
            composite.inputs().forEach(outer::name);
            List<String> names = lowering.emit(body, composite);
            for (int i = 0; i < names.size(); i++) {
                Value result = composite.outputs().get(i);
                body.bind(result, names.get(i));
                body.result(body.unique("branch_result"), result);
            }
            return body.build();
        };
    }
}
