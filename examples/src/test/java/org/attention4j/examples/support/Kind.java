package org.attention4j.examples.support;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.Parameters;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.state.Slot;
import org.attention4j.core.state.Storage;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * Something that the tables have a row for.
 *
 * @param title names the row
 * @param graph a graph of it, for a backend that stores states in this way
 * @param counts which composite ops the row tells of, by name
 */
record Kind(String title, Function<Storage, Graph> graph, Predicate<String> counts) {
    private static final Dim ONE = Dim.of(1);

    /** One op; those that it decomposes into don't count. */
    static Kind ofOp(String title, CompositeOp op, TensorType... inputs) {
        return new Kind(
                title,
                storage -> {
                    GraphBuilder b = new GraphBuilder(op.name());
                    ImmutableList.Builder<Value> values = ImmutableList.builder();
                    for (int i = 0; i < inputs.length; i++) {
                        values.add(b.input(op.inputNames().get(i), inputs[i]));
                    }
                    results(b, b.call(op, values.build()));
                    return b.build();
                },
                op.name()::equals);
    }

    /** One op whose last input is a weight. */
    static Kind ofOp(String title, CompositeOp op, TensorType x, Tensor weight) {
        return new Kind(
                title,
                storage -> {
                    GraphBuilder b = new GraphBuilder(op.name());
                    results(b, b.call(op, ImmutableList.of(b.input("x", x), b.weight("weight", weight))));
                    return b.build();
                },
                op.name()::equals);
    }

    private static void results(GraphBuilder b, List<Value> values) {
        for (int i = 0; i < values.size(); i++) {
            b.result("y" + i, values.get(i));
        }
    }

    /**
     * A mixer in one sequence, with room for a memory to attend to.
     *
     * @param generalOps ops that have rows of their own
     */
    static Kind ofMixer(String title, SequenceMixer mixer, int hiddenSize, Predicate<String> generalOps) {
        return new Kind(title, storage -> graph(mixer, hiddenSize, storage), generalOps.negate());
    }

    private static Graph graph(SequenceMixer mixer, int hiddenSize, Storage storage) {
        GraphBuilder b = new GraphBuilder(mixer.name());
        Value x = b.input("x", TensorType.of(DType.F32, ONE, Dims.SEQ, Dim.of(hiddenSize)));
        Value memory = b.input("memory", TensorType.of(DType.F32, ONE, Dim.symbol("memory"), Dim.of(hiddenSize)));
        Value position = b.input("position", TensorType.of(DType.I64, ONE));
        MixContext c = MixContext.of(b, new ZeroParameters(b, mixer), position).withMemory(memory);
        List<Slot> slots = mixer.state().slots(storage);
        List<Value> state = slots.stream()
                .map(s -> b.input("state." + s.name(), s.type().replace(Dims.BATCH, ONE)))
                .toList();
        SequenceMixer.Mixed mixed = mixer.mix(c, mixer.forms().getFirst(), x, state);
        b.result("y", mixed.y());
        for (int i = 0; i < state.size(); i++) {
            b.nextState(state.get(i), state.get(i).id() + ".next", mixed.state().get(i));
        }
        return b.build();
    }

    /** What a backend makes of it: the lowerings that it takes, or that it decomposes everything. */
    String cell(Backend backend) {
        try (CompiledGraph compiled = backend.compile(graph.apply(backend.storage()), CompileOptions.DEFAULT)) {
            List<String> lowerings = compiled.plan().choices().stream()
                    .filter(c -> counts.test(c.op()))
                    .map(Plan.Choice::lowering)
                    .filter(l -> !l.equals(Plan.DECOMPOSED))
                    .distinct()
                    .map(l -> "`" + l + "`")
                    .toList();
            return lowerings.isEmpty() ? Plan.DECOMPOSED : String.join(" + ", lowerings);
        }
    }

    /** Parameters of the right dims. */
    private record ZeroParameters(GraphBuilder builder, SequenceMixer mixer) implements Parameters {
        @Override
        public Optional<Value> find(String name) {
            return mixer.parameters().stream()
                    .filter(p -> p.name().equals(name))
                    .findFirst()
                    .map(this::zeros);
        }

        private Value zeros(ParameterSpec p) {
            Shape shape = Shape.of(p.dims().stream().mapToLong(Long::longValue).toArray());
            return builder.weight(p.name(), Tensor.zeros(DType.F32, shape));
        }

        @Override
        public Value get(String name) {
            return find(name).orElseThrow(() -> new IllegalArgumentException("no parameter " + name));
        }
    }
}
