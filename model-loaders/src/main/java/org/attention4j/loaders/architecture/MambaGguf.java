package org.attention4j.loaders.architecture;

import com.google.auto.service.AutoService;
import java.util.Set;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.gguf.GgufDraft;
import org.attention4j.loaders.gguf.GgufFamily;

/** Mamba, Falcon Mamba and Mamba-2 as GGUF, which stores A itself and convolutions as matrices. */
@AutoService(GgufFamily.class)
public final class MambaGguf implements GgufFamily {
    private static final String SECOND = "mamba2";
    private static final String NORM_EPS = "mixer_rms_eps";
    private static final double FALCON_EPS = 1e-6;

    @Override
    public Set<String> architectures() {
        return Set.of("mamba", "falcon_mamba", SECOND);
    }

    @Override
    public String nameInGguf(Checkpoint checkpoint) {
        return checkpoint.architecture().equals(SECOND) ? SECOND : "mamba";
    }

    @Override
    public void describe(GgufDraft draft) {
        Config config = draft.config();
        requireSilu(draft);
        draft.size("vocab_size", draft.model().info().vocabSize());
        draft.size("max_position_embeddings", draft.model().info().contextLength());
        draft.size("hidden_size", draft.model().info().hiddenSize());
        draft.size("num_hidden_layers", draft.model().decoderLayers().size());
        // Readers want these two of every architecture.
        draft.size("feed_forward_length", 0);
        draft.size("num_attention_heads", 0);
        draft.number("layer_norm_epsilon", config.number("layer_norm_epsilon"));
        boolean second = draft.architecture().equals(SECOND);
        if (draft.has("backbone.embedding.weight")) {
            draft.placeAs("backbone.embeddings.weight", draft.take("backbone.embedding.weight"));
        }
        for (int i = 0; i < draft.model().decoderLayers().size(); i++) {
            String mixer = "backbone.layers." + i + ".mixer";
            Sizes sizes = second ? placeSecond(draft, mixer, config.size("n_groups", 1)) : placeFirst(draft, mixer);
            if (i == 0) {
                draft.size("intermediate_size", sizes.inner);
                draft.size("state_size", sizes.state);
                draft.size("conv_kernel", sizes.kernel);
                draft.size("time_step_rank", sizes.timeStepRank);
            }
        }
        if (second) {
            draft.size("n_groups", config.size("n_groups", 1));
        } else {
            norms(draft);
        }
        draft.placeRest();
    }

    private static void requireSilu(GgufDraft draft) {
        if (Configs.activation(draft.config(), Activation.SILU) != Activation.SILU) {
            throw draft.unsupported(
                    "hidden_act is %s, expected silu".formatted(draft.config().text("hidden_act")));
        }
    }

    private static void norms(GgufDraft draft) {
        Config config = draft.config();
        boolean normed = draft.checkpoint().architecture().equals("falcon_mamba") || config.flag("dt_b_c_rms", false);
        if (normed && config.number(NORM_EPS, FALCON_EPS) != FALCON_EPS) {
            throw draft.unsupported("%s is %s, expected %s".formatted(NORM_EPS, config.number(NORM_EPS), FALCON_EPS));
        }
        draft.flag("dt_b_c_rms", normed);
    }

    /** What the shapes of a layer's weights tell. */
    record Sizes(long inner, long state, long kernel, long timeStepRank) {}

    private static Sizes placeFirst(GgufDraft draft, String mixer) {
        requireNoBias(draft, mixer);
        Tensor a = draft.take(mixer + ".A");
        draft.placeAs(mixer + ".A", a);
        Tensor step = draft.take(mixer + ".dt_proj.weight");
        draft.placeAs(mixer + ".dt_proj.weight", step);
        remarkUnlessTwice(draft, a.shape().dim(0));
        long kernel = placeConvolution(draft, mixer);
        return new Sizes(
                a.shape().dim(0), a.shape().dim(1), kernel, step.shape().dim(1));
    }

    /** Places what a Mamba-2 mixer has in other shapes than GGUF, and tells its sizes. */
    static Sizes placeSecond(GgufDraft draft, String mixer, int groups) {
        requireNoBias(draft, mixer);
        if (groups != 1) {
            throw draft.unsupported(
                    "Mamba-2 has %d groups and one norm of all channels, which files with a norm for each group can't tell"
                            .formatted(groups));
        }
        double[] limit = Mamba2.timeStepLimit(draft.config());
        if (limit[0] != 0 || limit[1] != Double.POSITIVE_INFINITY) {
            throw draft.unsupported(
                    "time steps lie between %s and %s, expected no limit".formatted(limit[0], limit[1]));
        }
        Tensor a = draft.take(mixer + ".A");
        long heads = a.shape().dim(0);
        draft.placeAs(mixer + ".A", a.reshape(Shape.of(heads, 1)));
        draft.placeAs(mixer + ".D", draft.take(mixer + ".D").reshape(Shape.of(heads, 1)));
        Tensor norm = draft.take(mixer + ".norm.weight");
        long inner = norm.shape().elements();
        draft.placeAs(mixer + ".norm.weight", norm.reshape(Shape.of(1, inner)));
        Tensor bias = draft.take(mixer + ".conv1d.bias");
        draft.placeAs(mixer + ".conv1d.bias", bias);
        return new Sizes(inner, (bias.shape().dim(0) - inner) / 2, placeConvolution(draft, mixer), heads);
    }

    /** Places {@code [channels, 1, kernel]} as a matrix, and returns the kernel's size. */
    private static long placeConvolution(GgufDraft draft, String mixer) {
        Tensor convolution = draft.take(mixer + ".conv1d.weight");
        Shape shape = convolution.shape();
        draft.placeAs(mixer + ".conv1d.weight", convolution.reshape(Shape.of(shape.dim(0), shape.dim(2))));
        return shape.dim(2);
    }

    private static void requireNoBias(GgufDraft draft, String mixer) {
        for (String projection : new String[] {".in_proj.bias", ".out_proj.bias"}) {
            if (draft.has(mixer + projection)) {
                throw draft.unsupported(
                        "the model reads the tensor %s, which llama.cpp does not".formatted(mixer + projection));
            }
        }
    }

    /** What llama.cpp wants of Mamba and of Mamba-2 in a hybrid, though not of Mamba-2 alone. */
    static void remarkUnlessTwice(GgufDraft draft, long inner) {
        int hidden = draft.model().info().hiddenSize();
        if (inner != 2L * hidden) {
            draft.remark(
                    "Mamba has %d channels for a hidden size of %d: llama.cpp opens no such file but with twice as many"
                            .formatted(inner, hidden));
        }
    }
}
