package org.attention4j.core.mixer.linearattention;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mlp.Activate;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.state.Slot;
import org.attention4j.core.state.StateSpec;
import org.attention4j.core.tensor.DType;

/**
 * Attention by products of features as a layer: elu + 1 (Katharopoulos et al. 2020, arXiv:2006.16236) and Performer (Choromanski et
 * al. 2020, arXiv:2009.14794). Parameters: {@code q_proj}, {@code k_proj.weight [heads·keyDim, hidden]}, {@code v_proj.weight
 * [heads·valueDim, hidden]}, {@code o_proj.weight [hidden, heads·valueDim]}, biases where a model has them, and the features' own.
 * State, if causal: {@code memory [batch, heads, features, valueDim]} and {@code normalizer [batch, heads, features]}.
 *
 * <p>Performer's keys are not stabilised by the largest of all, which would let a token see later ones: {@link
 * FavorFeatures.Stabilizer#NONE} says why nothing overflows.
 */
public final class KernelAttentionMixer implements SequenceMixer {
    private static final double EPS = 1e-6;

    private final String name;
    private final int hiddenSize;
    private final int numHeads;
    private final int keyDim;
    private final int valueDim;
    private final FeatureMap features;
    private final KernelAttention attention;

    private KernelAttentionMixer(
            String name,
            int hiddenSize,
            int numHeads,
            int keyDim,
            int valueDim,
            FeatureMap features,
            KernelAttention attention) {
        if (hiddenSize < 1 || numHeads < 1 || keyDim < 1 || valueDim < 1) {
            throw new IllegalArgumentException(
                    "%s: hiddenSize %d, numHeads %d, keyDim %d, valueDim %d; expected positive numbers"
                            .formatted(name, hiddenSize, numHeads, keyDim, valueDim));
        }
        this.name = name;
        this.hiddenSize = hiddenSize;
        this.numHeads = numHeads;
        this.keyDim = keyDim;
        this.valueDim = valueDim;
        this.features = features;
        this.attention = attention;
    }

    /** Linear attention with the features elu + 1, causal. */
    public static KernelAttentionMixer elu1(int hiddenSize, int numHeads, int keyDim, int valueDim) {
        FeatureMap elu1 = new FeatureMap.Elementwise(Activation.ELU1);
        return new KernelAttentionMixer(
                "linear_attention", hiddenSize, numHeads, keyDim, valueDim, elu1, new KernelAttention(true, EPS));
    }

    /**
     * Performer, causal.
     *
     * @param numFeatures how many random features a head has
     * @param kernel what their products estimate
     */
    public static KernelAttentionMixer performer(
            int hiddenSize, int numHeads, int headDim, int numFeatures, FavorFeatures.Kernel kernel) {
        // Features are above 0, and so are sums of their products.
        return new KernelAttentionMixer(
                "performer",
                hiddenSize,
                numHeads,
                headDim,
                headDim,
                new FeatureMap.Random(numFeatures, kernel, EPS),
                new KernelAttention(true, 0));
    }

    /** The same between all tokens of a run, whichever comes first. */
    public KernelAttentionMixer bidirectional() {
        KernelAttention all = new KernelAttention(false, attention.eps());
        return new KernelAttentionMixer(name, hiddenSize, numHeads, keyDim, valueDim, features, all);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String describe() {
        String direction = attention.causal() ? "" : ", bidirectional";
        return "%d heads of %d×%d%s".formatted(numHeads, features.size(keyDim), valueDim, direction);
    }

    @Override
    public StateSpec state() {
        if (!attention.causal()) {
            return new StateSpec.None();
        }
        Dim heads = Dim.of(numHeads);
        Dim size = Dim.of(features.size(keyDim));
        return new StateSpec.Recurrent(ImmutableList.of(
                Slot.recurrent("memory", TensorType.of(DType.F32, Dims.BATCH, heads, size, Dim.of(valueDim))),
                Slot.recurrent("normalizer", TensorType.of(DType.F32, Dims.BATCH, heads, size))));
    }

    @Override
    public List<Form> forms() {
        return attention.causal() ? ImmutableList.of(Form.RECURRENT, Form.CHUNKED) : ImmutableList.of(Form.PARALLEL);
    }

    @Override
    public List<ParameterSpec> parameters() {
        long keys = (long) numHeads * keyDim;
        long values = (long) numHeads * valueDim;
        ImmutableList.Builder<ParameterSpec> all = ImmutableList.<ParameterSpec>builder()
                .add(
                        ParameterSpec.of("q_proj.weight", keys, hiddenSize),
                        ParameterSpec.of("k_proj.weight", keys, hiddenSize),
                        ParameterSpec.of("v_proj.weight", values, hiddenSize));
        if (features instanceof FeatureMap.Random random) {
            all.add(ParameterSpec.of("projection", random.count(), keyDim));
        }
        return all.add(ParameterSpec.of("o_proj.weight", hiddenSize, values)).build();
    }

    @Override
    public Mixed mix(MixContext c, Form form, Value x, List<Value> state) {
        GraphBuilder b = c.builder();
        Value query = features(c, heads(c, "q_proj", x, keyDim), FavorFeatures.Stabilizer.TOKEN);
        Value key = features(c, heads(c, "k_proj", x, keyDim), FavorFeatures.Stabilizer.NONE);
        ImmutableList<Value> in = ImmutableList.<Value>builder()
                .addAll(state)
                .add(query, c.unlessPadding(key, 0), heads(c, "v_proj", x, valueDim))
                .build();
        List<Value> out = form == Form.CHUNKED ? attention.chunks(b, in) : b.call(attention, in);
        Value flat = b.reshape(out.getFirst(), x.type().dim(0), x.type().dim(1), Dim.of((long) numHeads * valueDim));
        return new Mixed(c.linear("o_proj", flat), out.subList(1, out.size()));
    }

    private Value features(MixContext c, Value x, FavorFeatures.Stabilizer stabilizer) {
        return switch (features) {
            case FeatureMap.Elementwise(Activation activation) -> c.builder().apply(new Activate(activation), x);
            case FeatureMap.Random(int count, FavorFeatures.Kernel kernel, double eps) -> {
                Value projection = c.builder().toF32(c.parameters().get("projection"));
                yield c.builder().apply(new FavorFeatures(kernel, stabilizer, eps), x, projection);
            }
        };
    }

    private Value heads(MixContext c, String projection, Value x, int each) {
        Value y = c.linear(projection, x);
        return c.builder().reshape(y, x.type().dim(0), x.type().dim(1), Dim.of(numHeads), Dim.of(each));
    }
}
