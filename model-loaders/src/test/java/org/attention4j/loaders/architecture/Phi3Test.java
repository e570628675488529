package org.attention4j.loaders.architecture;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Arrays;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.loaders.Architectures;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormats;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the recorded model does not have: LongRoPE, parts of heads that are not rotated, windows. */
class Phi3Test {
    private static final int HIDDEN = 16;
    private static final int HEAD_DIM = 8;
    private static final double EPS = 1e-5;
    private static final int[] TOKENS = {3, 0, 10, 7, 7, 2};
    private static final String LAYER = "model.layers.0.";

    /** Of those 6 rotated entries of 8 that {@code partial_rotary_factor} says. */
    private static final double[] SHORT = {1, 1.5, 2};

    private static final double[] LONG = {2, 5, 9};

    @TempDir
    private Path directory;

    private static WrittenModel model() {
        return new WrittenModel()
                .linear("model.embed_tokens", 11, HIDDEN)
                .add("model.norm.weight", HIDDEN)
                .add(LAYER + "input_layernorm.weight", HIDDEN)
                .linear(LAYER + "self_attn.qkv_proj", HIDDEN + 2 * HEAD_DIM, HIDDEN)
                .linear(LAYER + "self_attn.o_proj", HIDDEN, HIDDEN)
                .add(LAYER + "post_attention_layernorm.weight", HIDDEN)
                .linear(LAYER + "mlp.gate_up_proj", 48, HIDDEN)
                .linear(LAYER + "mlp.down_proj", HIDDEN, 24);
    }

    private Path write(WrittenModel model, int window) {
        return model.write(directory, """
            {"model_type": "phi3", "num_hidden_layers": 1, "hidden_size": 16, "intermediate_size": 24,
             "num_attention_heads": 2, "num_key_value_heads": 1, "max_position_embeddings": 64, "rms_norm_eps": 1e-5,
             "rope_theta": 100.0, "partial_rotary_factor": 0.75, "hidden_act": "silu", "sliding_window": %d,
             "original_max_position_embeddings": 8, "tie_word_embeddings": true,
             "rope_scaling": {"type": "longrope", "short_factor": [1, 1.5, 2], "long_factor": [2, 5, 9]}}\
            """.formatted(window));
    }

    private static double[][] expected(WrittenModel m, double[] factors, PlainMath.Bias visible) {
        double[][] x = m.embed("model.embed_tokens", TOKENS);
        double[][] n = PlainMath.rmsNorm(x, m.rows(LAYER + "input_layernorm.weight")[0], EPS);
        double[][] qkv = m.linear(LAYER + "self_attn.qkv_proj", n);
        double[][] mixed = PlainMath.attention(
                rotate(PlainMath.columns(qkv, 0, HIDDEN), factors),
                rotate(PlainMath.columns(qkv, HIDDEN, HIDDEN + HEAD_DIM), factors),
                PlainMath.columns(qkv, HIDDEN + HEAD_DIM, HIDDEN + 2 * HEAD_DIM),
                HEAD_DIM,
                visible);
        x = PlainMath.add(x, m.linear(LAYER + "self_attn.o_proj", mixed));
        n = PlainMath.rmsNorm(x, m.rows(LAYER + "post_attention_layernorm.weight")[0], EPS);
        double[][] gateUp = m.linear(LAYER + "mlp.gate_up_proj", n);
        double[][] hidden = PlainMath.map(PlainMath.columns(gateUp, 0, 24), PlainMath::silu);
        for (int r = 0; r < hidden.length; r++) {
            for (int i = 0; i < 24; i++) {
                hidden[r][i] *= gateUp[r][24 + i];
            }
        }
        x = PlainMath.add(x, m.linear(LAYER + "mlp.down_proj", hidden));
        double[][] normed = PlainMath.rmsNorm(x, m.rows("model.norm.weight")[0], EPS);
        return PlainMath.linear(normed, m.rows("model.embed_tokens.weight"));
    }

    /** The rotated entries are also multiplied by √(1 + ln(64/8) / ln 8). */
    private static double[][] rotate(double[][] x, double[] factors) {
        double[] frequencies = new double[3];
        Arrays.setAll(frequencies, i -> Math.pow(100, -2.0 * i / 6) / factors[i]);
        double[][] y = PlainMath.rotate(x, HEAD_DIM, frequencies);
        for (double[] row : y) {
            for (int i = 0; i < row.length; i++) {
                row[i] *= i % HEAD_DIM < 6 ? Math.sqrt(2) : 1;
            }
        }
        return y;
    }

    @Test
    void theContextOfTheSessionChoosesTheFactors() {
        WrittenModel m = model();
        Path path = write(m, 262_144);
        PlainMath.assertNear(expected(m, SHORT, PlainMath.causal()), WrittenModel.logitsIn(8, path, TOKENS));
        PlainMath.assertNear(expected(m, LONG, PlainMath.causal()), WrittenModel.logitsIn(9, path, TOKENS));
    }

    @Test
    void theWindowSlides() {
        WrittenModel m = model();
        double[] factors = SHORT;
        PlainMath.assertNear(expected(m, factors, PlainMath.window(3)), WrittenModel.logitsIn(8, write(m, 3), TOKENS));
    }

    @Test
    void aWindowThatHoldsTheWholeContextIsNone() {
        try (Checkpoint checkpoint = ModelFormats.open(write(model(), 262_144))) {
            assertEquals("mqa", layer(Architectures.define(checkpoint)));
        }
        try (Checkpoint checkpoint = ModelFormats.open(write(model(), 63))) {
            assertEquals("sliding_window_mqa", layer(Architectures.define(checkpoint)));
        }
    }

    private static String layer(ModelDefinition definition) {
        return definition.layers().getFirst().mixer();
    }

    @Test
    void fusedRowsMustBeThoseOfAllParts() {
        WrittenModel m = model().linear(LAYER + "mlp.gate_up_proj", 49, HIDDEN);
        Path path = write(m, 3);
        assertRefused(
                () -> WrittenModel.logits(path, TOKENS), "gate_up_proj.weight", "F32[49, 16]", "expected 48 rows");
    }
}
