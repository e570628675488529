package org.attention4j.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.Parameters;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.SequenceMixer.Mixed;
import org.attention4j.core.state.Slot;
import org.attention4j.core.state.Storage;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** A mixer with random parameters, compiled, and steps of it with the states in the caller's hands. */
final class MixerRun implements AutoCloseable {
    private static final long CONTEXT = 32;

    private final SequenceMixer mixer;
    private final int hiddenSize;
    private final Storage storage;
    private final Form form;
    private final Backend backend;
    private final Map<Dim, CompiledGraph> plain = new HashMap<>();
    private Optional<CompiledGraph> padded = Optional.empty();

    MixerRun(SequenceMixer mixer, Form form, int hiddenSize, Backend backend) {
        this.mixer = mixer;
        this.hiddenSize = hiddenSize;
        this.storage = backend.storage();
        this.form = form;
        this.backend = backend;
    }

    /** The results of a step: {@code y [batch, seq, hidden]} and the next states by graph input. */
    record Step(Tensor y, Map<String, Tensor> state) {}

    /** A graph of nothing but the mixer, with random parameters that depend on their names only. */
    static Graph graph(SequenceMixer mixer, Form form, int hiddenSize, Storage storage, Dim batch, boolean lengths) {
        GraphBuilder b = new GraphBuilder(mixer.name());
        Value x = b.input("x", TensorType.of(DType.F32, batch, Dims.SEQ, Dim.of(hiddenSize)));
        Value position = b.input("position", TensorType.of(DType.I64, batch));
        MixContext c = MixContext.of(b, parameters(b, mixer), position);
        if (lengths) {
            c = c.withLengths(b.input("lengths", TensorType.of(DType.I64, batch)));
        }
        List<Value> state = new ArrayList<>();
        for (Slot slot : mixer.state().slots(storage)) {
            state.add(b.input("state." + slot.name(), slot.type().replace(Dims.BATCH, batch)));
        }
        Mixed mixed = mixer.mix(c, form, x, state);
        b.result("y", mixed.y());
        for (int i = 0; i < state.size(); i++) {
            b.nextState(state.get(i), state.get(i).id() + ".next", mixed.state().get(i));
        }
        return b.build();
    }

    private static Parameters parameters(GraphBuilder b, SequenceMixer mixer) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        mixer.parameters().forEach(p -> tensors.put(p.name(), parameter(p)));
        return new Parameters() {
            @Override
            public Optional<Value> find(String name) {
                return Optional.ofNullable(tensors.get(name)).map(t -> b.weight(name, t));
            }

            @Override
            public Value get(String name) {
                return find(name)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "%s reads the parameter %s, which it does not declare".formatted(mixer.name(), name)));
            }
        };
    }

    /** The random value of a parameter. */
    static Tensor parameter(ParameterSpec p) {
        Shape shape = Shape.of(p.dims().stream().mapToLong(Long::longValue).toArray());
        return random(shape, p.name().hashCode(), 1 / Math.sqrt((double) shape.dim(-1)));
    }

    Map<String, Tensor> emptyState(int batch) {
        Map<String, Long> sizes = Map.of("batch", (long) batch, "context", CONTEXT);
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (Slot slot : mixer.state().slots(storage)) {
            state.put(
                    "state." + slot.name(),
                    Tensor.zeros(slot.type().dtype(), slot.type().shape(sizes)));
        }
        return state;
    }

    Step step(Map<String, Tensor> state, int position, Tensor x) {
        return step(graphFor(Dim.of(x.shape().dim(0))), state, position, x, Optional.empty());
    }

    /** A graph of a fixed batch: backends have lowerings for single sequences that others don't get. */
    private CompiledGraph graphFor(Dim batch) {
        return plain.computeIfAbsent(
                batch, b -> backend.compile(graph(mixer, form, hiddenSize, storage, b, false), CompileOptions.DEFAULT));
    }

    Step paddedStep(Map<String, Tensor> state, int position, Tensor x, long... lengths) {
        CompiledGraph graph = padded.orElseGet(() ->
                backend.compile(graph(mixer, form, hiddenSize, storage, Dims.BATCH, true), CompileOptions.DEFAULT));
        padded = Optional.of(graph);
        return step(graph, state, position, x, Optional.of(Tensor.i64(Shape.of(lengths.length), lengths)));
    }

    private Step step(
            CompiledGraph graph, Map<String, Tensor> state, int position, Tensor x, Optional<Tensor> lengths) {
        long batch = x.shape().dim(0);
        Tensor positions = Tensor.zeros(DType.I64, Shape.of(batch));
        for (long i = 0; i < batch; i++) {
            positions.setLong(i, position);
        }
        Map<String, Tensor> inputs = new LinkedHashMap<>(state);
        inputs.put("x", x);
        inputs.put("position", positions);
        lengths.ifPresent(n -> inputs.put("lengths", n));
        Map<String, Tensor> results = graph.run(inputs);
        Map<String, Tensor> next = new LinkedHashMap<>();
        state.keySet().forEach(name -> next.put(name, present(results, name + ".next")));
        return new Step(present(results, "y"), next);
    }

    private static Tensor present(Map<String, Tensor> results, String name) {
        return Optional.ofNullable(results.get(name)).orElseThrow(() -> new AssertionError("no result " + name));
    }

    /** Steps over consecutive pieces of x from the empty state: all results, and the last state. */
    Step steps(Tensor x, List<Integer> pieces) {
        Map<String, Tensor> state = emptyState((int) x.shape().dim(0));
        Optional<Tensor> y = Optional.empty();
        int position = 0;
        for (int n : pieces) {
            Step step = step(state, position, rows(x, position, position + n));
            y = Optional.of(y.map(before -> concat(before, step.y())).orElse(step.y()));
            state = step.state();
            position += n;
        }
        return new Step(y.orElseThrow(), state);
    }

    Tensor randomInput(int batch, int tokens, long seed) {
        return random(Shape.of(batch, tokens, hiddenSize), seed, 1);
    }

    private static Tensor random(Shape shape, long seed, double scale) {
        Random random = new Random(seed);
        Tensor t = Tensor.zeros(DType.F32, shape);
        for (long i = 0; i < shape.elements(); i++) {
            t.setDouble(i, random.nextGaussian() * scale);
        }
        return t;
    }

    /** Tokens {@code from} to {@code to} (exclusive) of {@code [batch, seq, hidden]}. */
    Tensor rows(Tensor x, int from, int to) {
        Shape s = x.shape();
        Tensor out = Tensor.zeros(DType.F32, Shape.of(s.dim(0), to - from, s.dim(2)));
        for (long i = 0; i < out.shape().elements(); i++) {
            long perSequence = (to - from) * s.dim(2);
            long source = i / perSequence * s.dim(1) * s.dim(2) + from * s.dim(2) + i % perSequence;
            out.setDouble(i, x.getDouble(source));
        }
        return out;
    }

    /** Two pieces of the same sequences, one after the other. */
    Tensor concat(Tensor a, Tensor b) {
        int n = (int) a.shape().dim(1);
        Tensor out = Tensor.zeros(
                DType.F32,
                Shape.of(a.shape().dim(0), n + b.shape().dim(1), a.shape().dim(2)));
        long total = out.shape().dim(1);
        long hidden = a.shape().dim(2);
        for (long i = 0; i < out.shape().elements(); i++) {
            long sequence = i / (total * hidden);
            long token = i / hidden % total;
            Tensor source = token < n ? a : b;
            long row = sequence * source.shape().dim(1) + (token < n ? token : token - n);
            out.setDouble(i, source.getDouble(row * hidden + i % hidden));
        }
        return out;
    }

    /** Two single sequences of equal length as a batch. */
    Tensor stack(Tensor a, Tensor b) {
        Tensor out =
                Tensor.zeros(DType.F32, Shape.of(2, a.shape().dim(1), a.shape().dim(2)));
        out.data().copyFrom(a.data());
        out.data().asSlice(a.data().byteSize()).copyFrom(b.data());
        return out;
    }

    /** One sequence of a batch. */
    Tensor sequence(Tensor batch, int index) {
        long[] dims = batch.shape().dims();
        dims[0] = 1;
        Shape shape = Shape.of(dims);
        long bytes = batch.dtype().byteSize(shape);
        return copy(Tensor.of(batch.dtype(), shape, batch.data().asSlice(index * bytes, bytes)));
    }

    Map<String, Tensor> sequence(Map<String, Tensor> states, int index) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        states.forEach((name, t) -> out.put(name, sequence(t, index)));
        return out;
    }

    Map<String, Tensor> copy(Map<String, Tensor> states) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        states.forEach((name, t) -> out.put(name, copy(t)));
        return out;
    }

    private static Tensor copy(Tensor t) {
        Tensor out = Tensor.zeros(t.dtype(), t.shape());
        out.copyFrom(t);
        return out;
    }

    void assertClose(Tensor expected, Tensor actual, double tolerance, String what) {
        if (!expected.shape().equals(actual.shape())) {
            throw new AssertionError("%s: got %s, expected %s".formatted(what, actual, expected));
        }
        for (long i = 0; i < expected.shape().elements(); i++) {
            double e = expected.getDouble(i);
            double a = actual.getDouble(i);
            if (!(Math.abs(e - a) <= tolerance * (1 + Math.abs(e)))) {
                throw new AssertionError("%s, %s, %s: differs at %d of %s: got %s, expected %s ± %s"
                        .formatted(mixer.name(), form, what, i, expected.shape(), a, e, tolerance * (1 + Math.abs(e))));
            }
        }
    }

    boolean differs(Tensor a, Tensor b) {
        for (long i = 0; i < a.shape().elements(); i++) {
            if (Math.abs(a.getDouble(i) - b.getDouble(i)) > 1e-3) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        plain.values().forEach(CompiledGraph::close);
        padded.ifPresent(CompiledGraph::close);
    }
}
