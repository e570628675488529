package org.attention4j.examples.general;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.Probe;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.model.DecoderLayer;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.core.model.ModelInfo;
import org.attention4j.core.session.CompiledModel;
import org.attention4j.core.session.Session;
import org.attention4j.core.state.Slot;
import org.attention4j.core.state.StateSpec;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.examples.Arguments;
import org.attention4j.examples.Sample;
import org.attention4j.examples.Samples;

/**
 * Adds a mixer of one's own: every token gets the mean of a projection of all tokens so far, and the state is their sum. It says
 * what it remembers and writes itself with the graph's primitives; nothing else is needed for it to run on every backend, in a
 * model with layers of any other kind. What each ready backend computes is compared with the reference, the sequence at once and
 * token by token.
 */
@AutoService(Sample.class)
public final class CustomMixer implements Sample {
    private static final int HIDDEN = 16;
    private static final int VOCAB = 32;
    private static final int LAYERS = 3;
    private static final int[] TOKENS = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4};

    /** Parameters: {@code value.weight} and {@code out.weight [hidden, hidden]}. State: {@code sum [batch, hidden]}. */
    record RunningMean(int hidden) implements SequenceMixer {
        @Override
        public String name() {
            return "running_mean";
        }

        @Override
        public String describe() {
            return "sum of " + hidden;
        }

        @Override
        public StateSpec state() {
            TensorType type = TensorType.of(DType.F32, Dims.BATCH, Dim.of(hidden));
            return new StateSpec.Recurrent(ImmutableList.of(Slot.recurrent("sum", type)));
        }

        @Override
        public List<Form> forms() {
            return ImmutableList.of(Form.PARALLEL);
        }

        @Override
        public List<ParameterSpec> parameters() {
            return ImmutableList.of(
                    ParameterSpec.of("value.weight", hidden, hidden), ParameterSpec.of("out.weight", hidden, hidden));
        }

        @Override
        public Mixed mix(MixContext c, Form form, Value x, List<Value> state) {
            GraphBuilder b = c.builder();
            Value before = state.getFirst();
            Value value = c.unlessPadding(c.linear("value", x), 0);
            Value sums = b.add(b.cumSum(value, 1, false, false), b.unsqueeze(before, 1));
            Value counts = b.add(b.cast(c.positions(x.type().dim(1)), DType.F32), 1);
            Value mean = b.div(sums, b.unsqueeze(counts, -1));
            Value after = b.add(before, b.reduce(ReduceKind.SUM, value, false, 1));
            return new Mixed(c.linear("out", mean), ImmutableList.of(after));
        }
    }

    @Override
    public String name() {
        return "custom_mixer";
    }

    @Override
    public String description() {
        return "writes a mixer of one's own and runs it on every backend that is ready, or on one";
    }

    @Override
    public String options() {
        return "[--backend NAME]";
    }

    @Override
    public void run(Arguments arguments, PrintWriter out) {
        DecoderModel model = model();
        out.printf(
                "%s, state: %s%n",
                model.layers().getFirst().mixer(), model.layers().getFirst().state());
        float[] expected = logits(model, "reference", true);
        List<String> backends = arguments.option("backend").map(List::of).orElseGet(CustomMixer::readyBackends);
        for (String backend : backends) {
            out.printf(
                    Locale.ROOT,
                    "%s: differs from the reference by %.1e at once, by %.1e token by token%n",
                    backend,
                    difference(expected, logits(model, backend, true)),
                    difference(expected, logits(model, backend, false)));
        }
    }

    private static List<String> readyBackends() {
        return Backends.providers().stream()
                .filter(p -> p.probe() instanceof Probe.Ready)
                .map(Backend.Provider::name)
                .toList();
    }

    private static DecoderModel model() {
        RunningMean mixer = new RunningMean(HIDDEN);
        Map<String, Tensor> weights = new HashMap<>();
        weights.put("embed.weight", random(VOCAB, HIDDEN, 0));
        for (int i = 0; i < LAYERS; i++) {
            weights.put("layers." + i + ".mixer.value.weight", random(HIDDEN, HIDDEN, 2 * i + 1));
            weights.put("layers." + i + ".mixer.out.weight", random(HIDDEN, HIDDEN, 2 * i + 2));
        }
        List<DecoderLayer> layers = IntStream.range(0, LAYERS)
                .mapToObj(i -> new DecoderLayer("layers." + i, mixer, (m, x) -> m.add(x, m.mix("mixer", x))))
                .toList();
        return new DecoderModel(
                new ModelInfo("running_mean", "", VOCAB, HIDDEN, 1024),
                name -> Optional.ofNullable(weights.get(name)),
                (m, tokens) -> m.embedding("embed", tokens),
                layers,
                (m, x) -> m.linear("embed", x));
    }

    private static Tensor random(int rows, int columns, long seed) {
        Random random = new Random(seed);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() / Math.sqrt(columns));
        }
        return Tensor.f32(Shape.of(rows, columns), values);
    }

    /** Logits after each token, given at once or one by one. */
    private static float[] logits(DecoderModel model, String backendName, boolean atOnce) {
        try (Backend backend = Backends.create(backendName, BackendOptions.DEFAULT);
                CompiledModel compiled = CompiledModel.compile(model, backend, CompileOptions.DEFAULT);
                Session session = compiled.newSession(TOKENS.length)) {
            if (atOnce) {
                return session.score(TOKENS).toFloatArray();
            }
            float[] all = new float[TOKENS.length * VOCAB];
            for (int i = 0; i < TOKENS.length; i++) {
                System.arraycopy(session.decode(TOKENS[i]).toFloatArray(), 0, all, i * VOCAB, VOCAB);
            }
            return all;
        }
    }

    private static double difference(float[] a, float[] b) {
        return IntStream.range(0, a.length)
                .mapToDouble(i -> Math.abs(a[i] - b[i]))
                .max()
                .orElse(0);
    }

    static void main(String[] args) throws IOException {
        Samples.main(new CustomMixer(), args);
    }
}
