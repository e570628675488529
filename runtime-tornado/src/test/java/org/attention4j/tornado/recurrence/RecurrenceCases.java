package org.attention4j.tornado.recurrence;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.conv.CausalConv;
import org.attention4j.core.mixer.linearattention.Decay;
import org.attention4j.core.mixer.linearattention.LinearRecurrence;
import org.attention4j.core.mixer.mamba.SelectiveScan;
import org.attention4j.core.mixer.recurrence.DiagonalRecurrence;
import org.attention4j.core.mixer.rwkv.TokenShift;
import org.attention4j.core.mixer.rwkv.Wkv4;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.testkit.Compare;
import org.attention4j.testkit.RandomTensors;
import org.attention4j.testkit.Tolerance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything with a state that has a kernel, or a form of its own for one token: inherit it and give a backend. */
abstract class RecurrenceCases {
    private static final int BATCH = 2;
    private static final int HEADS = 3;
    private static final int KEYS = 37;
    private static final int VALUES = 13;
    /** More than the work-items of a group, and no multiple of them. */
    private static final int CHANNELS = 71;

    private static final int ENTRIES = 5;
    private static final int KERNEL = 4;

    /** Sums of float32 over 37 entries, in states that went through 300 roundings. */
    private static final Tolerance TOLERANCE = new Tolerance(1e-4, 1e-4);

    /** The backend under test. */
    abstract Backend backend();

    /** An op and inputs for it: of those that differ for other lengths, dimension 1 is the sequence. */
    record Case(String name, CompositeOp op, Inputs inputs) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Makes inputs. */
    @FunctionalInterface
    interface Inputs {
        List<Tensor> make(int seq);
    }

    static Stream<Case> cases() {
        return Stream.of(
                linear("RetNet, Mamba-2", new LinearRecurrence(Decay.HEAD, false, false, 0.5, 8)),
                linear("GLA", new LinearRecurrence(Decay.KEY, false, false, 1, 8)),
                linear("RWKV-6", new LinearRecurrence(Decay.KEY, false, true, 1, 8)),
                linear("DeltaNet", new LinearRecurrence(Decay.NONE, true, false, 1, 8)),
                linear("RWKV-7", new LinearRecurrence(Decay.KEY, true, false, 1, 8)),
                linear("both", new LinearRecurrence(Decay.HEAD, true, true, 2, 8)),
                new Case("Mamba", new SelectiveScan(), RecurrenceCases::scan),
                new Case("RG-LRU", new DiagonalRecurrence(), RecurrenceCases::diagonal),
                new Case("RWKV-4", new Wkv4(), RecurrenceCases::wkv4),
                new Case("convolution", new CausalConv(false, false), seq -> conv(seq, false)),
                new Case("padded convolution", new CausalConv(true, true), seq -> conv(seq, true)),
                new Case("shift", new TokenShift(false), seq -> shift(seq, false)),
                new Case("padded shift", new TokenShift(true), seq -> shift(seq, true)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void anyNumberOfTokensGivesWhatTheReferenceGives(Case c) {
        Graph graph = graph(c);
        try (Backend reference = Backends.create("reference", BackendOptions.DEFAULT);
                CompiledGraph expected = reference.compile(graph, CompileOptions.DEFAULT);
                CompiledGraph actual = backend().compile(graph, CompileOptions.DEFAULT)) {
            for (int seq : new int[] {1, 2, 300, 0}) {
                Map<String, Tensor> in = new LinkedHashMap<>();
                c.inputs.make(seq).forEach(t -> in.put("in." + in.size(), t));
                Compare.assertClose(c + ", %d tokens".formatted(seq), expected.run(in), actual.run(in), TOLERANCE);
            }
        }
    }

    private static Graph graph(Case c) {
        GraphBuilder b = new GraphBuilder(c.op.name());
        List<Tensor> one = c.inputs.make(1);
        List<Tensor> two = c.inputs.make(2);
        ImmutableList.Builder<Value> in = ImmutableList.builder();
        for (int i = 0; i < one.size(); i++) {
            TensorType type = TensorType.of(one.get(i).dtype(), one.get(i).shape());
            boolean isSequence = !one.get(i).shape().equals(two.get(i).shape());
            in.add(b.input("in." + i, isSequence ? type.withDim(1, Dims.SEQ) : type));
        }
        List<Value> out = b.call(c.op, in.build());
        for (int i = 0; i < out.size(); i++) {
            b.result("out." + i, out.get(i));
        }
        return b.build();
    }

    private static Case linear(String name, LinearRecurrence op) {
        return new Case(name, op, seq -> linear(op, seq));
    }

    /** What is removed lies along the key, which has length 1: so the state does not grow. */
    private static List<Tensor> linear(LinearRecurrence op, int seq) {
        Shape keys = Shape.of(BATCH, seq, HEADS, KEYS);
        Tensor key = RandomTensors.uniform(seq + 2, -1, 1, keys);
        Tensor remove = Tensor.zeros(key.dtype(), keys);
        double length = Math.sqrt(KEYS);
        for (long i = 0; i < keys.elements(); i++) {
            key.setDouble(i, Math.signum(key.getDouble(i)) / length);
            remove.setDouble(i, -0.7 * key.getDouble(i));
        }
        List<Tensor> in = new ArrayList<>();
        in.add(RandomTensors.normal(seq, 1, Shape.of(BATCH, HEADS, KEYS, VALUES)));
        in.add(RandomTensors.normal(seq + 1, 1, keys));
        in.add(key);
        in.add(RandomTensors.normal(seq + 3, 1, Shape.of(BATCH, seq, HEADS, VALUES)));
        if (op.decay() != Decay.NONE) {
            in.add(RandomTensors.uniform(
                    seq + 4, -1, -0.01, op.decay() == Decay.KEY ? keys : Shape.of(BATCH, seq, HEADS)));
        }
        if (op.lowRank()) {
            in.add(remove);
            in.add(key);
        }
        if (op.readBefore()) {
            in.add(RandomTensors.normal(seq + 5, 1, Shape.of(HEADS, KEYS)));
        }
        return in;
    }

    private static List<Tensor> scan(int seq) {
        Shape shape = Shape.of(BATCH, seq, CHANNELS);
        Shape shared = Shape.of(BATCH, seq, ENTRIES);
        return List.of(
                RandomTensors.normal(seq, 1, Shape.of(BATCH, CHANNELS, ENTRIES)),
                RandomTensors.normal(seq + 1, 1, shape),
                RandomTensors.uniform(seq + 2, 0, 1, shape),
                RandomTensors.uniform(seq + 3, -2, -0.1, Shape.of(CHANNELS, ENTRIES)),
                RandomTensors.normal(seq + 4, 1, shared),
                RandomTensors.normal(seq + 5, 1, shared));
    }

    private static List<Tensor> diagonal(int seq) {
        Shape shape = Shape.of(BATCH, seq, CHANNELS, 3);
        return List.of(
                RandomTensors.normal(seq, 1, Shape.of(BATCH, CHANNELS, 3)),
                RandomTensors.uniform(seq + 1, 0, 1, shape),
                RandomTensors.normal(seq + 2, 1, shape));
    }

    /** One of the sequences has not begun: its denominator is 0. */
    private static List<Tensor> wkv4(int seq) {
        Shape shape = Shape.of(BATCH, seq, CHANNELS);
        Shape state = Shape.of(BATCH, CHANNELS);
        Tensor numerator = RandomTensors.normal(seq, 1, state);
        Tensor denominator = RandomTensors.uniform(seq + 1, 0.5, 1, state);
        for (int i = 0; i < CHANNELS; i++) {
            numerator.setDouble(i, 0);
            denominator.setDouble(i, 0);
        }
        return List.of(
                numerator,
                denominator,
                RandomTensors.normal(seq + 2, 1, state),
                RandomTensors.normal(seq + 3, 1, shape),
                RandomTensors.normal(seq + 4, 1, shape),
                RandomTensors.uniform(seq + 5, -2, -0.1, shape),
                RandomTensors.normal(seq + 6, 1, Shape.of(CHANNELS)));
    }

    private static List<Tensor> conv(int seq, boolean padded) {
        List<Tensor> in = new ArrayList<>(List.of(
                RandomTensors.normal(seq, 1, Shape.of(BATCH, KERNEL - 1, CHANNELS)),
                RandomTensors.normal(seq + 1, 1, Shape.of(BATCH, seq, CHANNELS)),
                RandomTensors.normal(seq + 2, 1, Shape.of(CHANNELS, KERNEL))));
        if (padded) {
            in.add(RandomTensors.normal(seq + 3, 1, Shape.of(CHANNELS)));
            in.add(lengths(seq));
        }
        return in;
    }

    private static List<Tensor> shift(int seq, boolean padded) {
        List<Tensor> in = new ArrayList<>(List.of(
                RandomTensors.normal(seq, 1, Shape.of(BATCH, CHANNELS)),
                RandomTensors.normal(seq + 1, 1, Shape.of(BATCH, seq, CHANNELS))));
        if (padded) {
            in.add(lengths(seq));
        }
        return in;
    }

    /** One of the sequences is all padding. */
    private static Tensor lengths(int seq) {
        return Tensor.i64(Shape.of(BATCH), 0, seq);
    }
}
