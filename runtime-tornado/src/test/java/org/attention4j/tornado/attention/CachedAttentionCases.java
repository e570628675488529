package org.attention4j.tornado.attention;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.attention.AttentionInput;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mixer.attention.CachedAttention;
import org.attention4j.core.state.Retention;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.testkit.Compare;
import org.attention4j.testkit.RandomTensors;
import org.attention4j.testkit.Tolerance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attention to caches of sizes at which kernels take other ways: inherit it and give a backend. */
abstract class CachedAttentionCases {
    private static final Dim SEQ = Dim.symbol("seq");
    private static final Dim SLOTS = Dim.symbol("slots");
    private static final Dim BATCH = Dim.symbol("batch");

    /** Exponentials and sums of up to 2,000 terms in float32. */
    private static final Tolerance TOLERANCE = new Tolerance(1e-5, 1e-4);

    private static final Set<AttentionInput> NONE = Set.of();

    /** Sizes, and the first sequence's position. */
    record Run(long batch, long seq, long slots, long position) {}

    /** One of them, with the runs to do. */
    record Case(String name, AttentionSpec spec, Retention retention, Set<AttentionInput> extras, List<Run> runs) {
        Case(String name, AttentionSpec spec, Retention retention, Set<AttentionInput> extras, Run... runs) {
            this(name, spec, retention, extras, ImmutableList.copyOf(runs));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** The backend under test. */
    abstract Backend backend();

    private static AttentionSpec spec(int heads, int kvHeads, int keyDim, int valueDim) {
        return AttentionSpec.causal(heads, kvHeads, keyDim).withValueDim(valueDim);
    }

    private static Run run(long batch, long seq, long slots, long position) {
        return new Run(batch, seq, slots, position);
    }

    static Stream<Case> cases() {
        Retention all = new Retention.All();
        return Stream.of(
                new Case(
                        "multi-head",
                        spec(3, 3, 12, 20),
                        all,
                        NONE,
                        run(2, 1, 70, 40),
                        run(1, 3, 300, 290),
                        run(1, 35, 70, 30),
                        run(2, 2, 1100, 900)),
                new Case(
                        "grouped, with everything",
                        spec(6, 2, 10, 7).withSoftcap(3).withScale(0.4),
                        all,
                        Set.of(AttentionInput.LENGTHS, AttentionInput.ALIBI_SLOPES, AttentionInput.SINK_LOGITS),
                        run(2, 1, 30, 29),
                        run(2, 5, 1030, 1000),
                        run(2, 21, 200, 100)),
                new Case("multi-query", spec(20, 1, 16, 16), all, NONE, run(1, 1, 1500, 1499), run(1, 9, 140, 100)),
                new Case("long values", spec(2, 1, 40, 264), all, NONE, run(1, 1, 30, 20), run(1, 20, 30, 5)),
                new Case(
                        "a window in a cache of all",
                        spec(2, 1, 8, 8).withSinks(3, 70),
                        all,
                        NONE,
                        run(1, 1, 1600, 1555),
                        run(1, 40, 600, 500)),
                new Case(
                        "a chunk in a cache of all",
                        spec(2, 1, 8, 8).withChunk(300),
                        all,
                        NONE,
                        run(1, 1, 1600, 1555),
                        run(1, 40, 700, 580)),
                new Case(
                        "a ring behind sinks",
                        spec(4, 2, 8, 8).withSinks(3, 60),
                        new Retention.SinksAndWindow(3, 60),
                        NONE,
                        run(1, 1, 100, 5000),
                        run(1, 38, 100, 50),
                        run(1, 38, 100, 777)),
                new Case(
                        "a long ring",
                        spec(4, 2, 8, 8).withWindow(1200),
                        new Retention.Window(1200),
                        NONE,
                        run(1, 1, 1300, 700),
                        run(1, 3, 1300, 4001)));
    }

    private static Graph graph(Case c) {
        AttentionSpec spec = c.spec;
        Dim heads = Dim.of(spec.numHeads());
        Dim kvHeads = Dim.of(spec.numKvHeads());
        Dim keyDim = Dim.of(spec.headDim());
        Dim valueDim = Dim.of(spec.valueDim());
        GraphBuilder b = new GraphBuilder("attention");
        List<Value> in = new ArrayList<>();
        in.add(b.input("query", TensorType.of(DType.F32, BATCH, SEQ, heads, keyDim)));
        in.add(b.input("key", TensorType.of(DType.F32, BATCH, SEQ, kvHeads, keyDim)));
        in.add(b.input("value", TensorType.of(DType.F32, BATCH, SEQ, kvHeads, valueDim)));
        in.add(b.input("past_key", TensorType.of(DType.F32, BATCH, kvHeads, SLOTS, keyDim)));
        in.add(b.input("past_value", TensorType.of(DType.F32, BATCH, kvHeads, SLOTS, valueDim)));
        in.add(b.input("position", TensorType.of(DType.I64, BATCH)));
        for (AttentionInput extra : AttentionInput.values()) {
            if (c.extras.contains(extra)) {
                TensorType type = extra == AttentionInput.LENGTHS
                        ? TensorType.of(DType.I64, BATCH)
                        : TensorType.of(DType.F32, heads);
                in.add(b.input(extra.inputName(), type));
            }
        }
        List<Value> out = b.call(new CachedAttention(spec, c.retention, c.extras), in);
        b.result("y", out.get(0));
        b.result("keys", out.get(1));
        b.result("values", out.get(2));
        return b.build();
    }

    private static Map<String, Tensor> inputs(Graph graph, Run run) {
        Map<String, Long> sizes = ImmutableMap.of("batch", run.batch, "seq", run.seq, "slots", run.slots);
        Map<String, Tensor> inputs = new HashMap<>();
        for (Value v : graph.inputs()) {
            Shape shape = v.type().shape(sizes);
            inputs.put(
                    v.id(),
                    switch (v.id()) {
                        // The second sequence is one token behind, and its last token is padding if there are lengths.
                        case "position" -> numbers(shape, run.position, run.position - 1);
                        case "lengths" -> numbers(shape, run.seq, Math.max(1, run.seq - 1));
                        // Of distances up to 1,000: larger products have rounding errors that exponentials show.
                        case "alibi_slopes" -> RandomTensors.uniform(7, -0.05, 0, shape);
                        default -> RandomTensors.normal(v.id().hashCode(), 1, shape);
                    });
        }
        return inputs;
    }

    private static Tensor numbers(Shape shape, long first, long second) {
        return shape.elements() == 1 ? Tensor.i64(shape, first) : Tensor.i64(shape, first, second);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesWhatTheReferenceGives(Case c) {
        Graph graph = graph(c);
        try (Backend reference = Backends.create("reference", BackendOptions.DEFAULT);
                CompiledGraph expected = reference.compile(graph, CompileOptions.DEFAULT)) {
            try (CompiledGraph actual = backend().compile(graph, CompileOptions.DEFAULT)) {
                assertEquals("over_cache", actual.plan().choices().getFirst().lowering());
                for (Run run : c.runs) {
                    Map<String, Tensor> inputs = inputs(graph, run);
                    String what = "%s: %s".formatted(c.name, run);
                    Compare.assertClose(what, expected.run(inputs), actual.run(inputs), TOLERANCE);
                }
            }
        }
    }

    /** A token that is not a number is nothing to those that don't see it: neither in the cache nor among the new ones. */
    @ParameterizedTest
    @MethodSource("cases")
    void whatNoQuerySeesChangesNothing(Case c) {
        Graph graph = graph(c);
        try (CompiledGraph compiled = backend().compile(graph, CompileOptions.DEFAULT)) {
            for (Run run : c.runs) {
                Map<String, Tensor> inputs = inputs(graph, run);
                Tensor expected = requireNonNull(compiled.run(inputs).get("y"));
                Tensor actual =
                        requireNonNull(compiled.run(spoiled(c, run, inputs)).get("y"));
                long perToken = (long) c.spec.numHeads() * c.spec.valueDim();
                for (long i = 0; i < expected.shape().elements(); i++) {
                    // The last token of a run sees itself.
                    if (run.seq == 1 || i / perToken % run.seq < run.seq - 1) {
                        assertEquals(expected.getDouble(i), actual.getDouble(i), "%s: %s: %d".formatted(c, run, i));
                    }
                }
            }
        }
    }

    /** With NaN for keys and values of slots that no query sees, and for those of a longer run's last token. */
    private static Map<String, Tensor> spoiled(Case c, Run run, Map<String, Tensor> inputs) {
        Map<String, Tensor> all = new HashMap<>(inputs);
        for (String name : List.of("past_key", "past_value", "key", "value")) {
            Tensor t = RandomTensors.normal(
                    name.hashCode(), 1, requireNonNull(inputs.get(name)).shape());
            long vector = t.shape().dim(3);
            boolean isPast = name.startsWith("past");
            for (long i = 0; i < t.shape().elements(); i++) {
                long b = i / vector / t.shape().dim(1) / t.shape().dim(2);
                // Caches are [batch, head, slot, entry], new tokens [batch, token, head, entry].
                boolean isUnseen = isPast
                        ? !isSeen(c, run, run.position - b, i / vector % run.slots)
                        : run.seq > 1 && i / vector / t.shape().dim(2) % run.seq == run.seq - 1;
                if (isUnseen) {
                    t.setDouble(i, Double.NaN);
                }
            }
            all.put(name, t);
        }
        return all;
    }

    /** Whether a query sees what a slot holds before the run. */
    private static boolean isSeen(Case c, Run run, long position, long slot) {
        long sinks = c.retention.numSinks();
        long ring = run.slots - sinks;
        long last = position - 1;
        // The newest token in the slot.
        long held = slot < sinks ? slot : last - Math.floorMod(last - slot, ring);
        if (slot > last || c.retention instanceof Retention.All) {
            held = slot;
        }
        long where = held;
        return where < position
                && LongStream.range(position, position + run.seq).anyMatch(at -> isVisible(c.spec, where, at));
    }

    private static boolean isVisible(AttentionSpec spec, long where, long at) {
        boolean isInWindow = spec.window() == 0 || at - where < spec.window() || where < spec.sinkTokens();
        return isInWindow && (spec.chunk() == 0 || where / spec.chunk() == at / spec.chunk());
    }
}
