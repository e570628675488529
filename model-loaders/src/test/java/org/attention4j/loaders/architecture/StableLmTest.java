package org.attention4j.loaders.architecture;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the recorded model does not have: attention and MLP side by side, norms of heads, biases. */
class StableLmTest {
    private static final int HIDDEN = 16;
    private static final int HEAD_DIM = 4;
    private static final double EPS = 1e-5;
    private static final int[] TOKENS = {3, 0, 10, 7, 7, 2};
    private static final String LAYER = "model.layers.0.";
    private static final String ATTN = LAYER + "self_attn.";

    @TempDir
    private Path directory;

    private static WrittenModel model() {
        return new WrittenModel()
                .linear("model.embed_tokens", 11, HIDDEN)
                .linear("lm_head", 11, HIDDEN)
                .norm("model.norm", HIDDEN)
                .norm(LAYER + "input_layernorm", HIDDEN)
                .linearWithBias(ATTN + "q_proj", HIDDEN, HIDDEN)
                .linearWithBias(ATTN + "k_proj", 2 * HEAD_DIM, HIDDEN)
                .linearWithBias(ATTN + "v_proj", 2 * HEAD_DIM, HIDDEN)
                .linear(ATTN + "o_proj", HIDDEN, HIDDEN)
                .linear(LAYER + "mlp.gate_proj", 24, HIDDEN)
                .linear(LAYER + "mlp.up_proj", 24, HIDDEN)
                .linear(LAYER + "mlp.down_proj", HIDDEN, 24);
    }

    private Path write(WrittenModel model, String more) {
        return model.write(directory, """
            {"model_type": "stablelm", "num_hidden_layers": 1, "hidden_size": 16, "intermediate_size": 24,
             "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 8, "layer_norm_eps": 1e-5,
             "rope_theta": 100.0, "partial_rotary_factor": 0.5, "hidden_act": "silu", "use_qkv_bias": true %s}\
            """.formatted(more));
    }

    private static double[][] rotate(double[][] x) {
        return PlainMath.rotate(x, HEAD_DIM, 2, 100);
    }

    private static double[][] head(WrittenModel m, double[][] x) {
        return m.linear("lm_head", m.layerNorm("model.norm", x, EPS));
    }

    @Test
    void attentionAndMlpSideBySide() {
        WrittenModel m = model();
        for (int h = 0; h < 4; h++) {
            m.add(ATTN + "q_layernorm.norms." + h + ".weight", HEAD_DIM);
        }
        m.add(ATTN + "k_layernorm.norms.0.weight", HEAD_DIM).add(ATTN + "k_layernorm.norms.1.weight", HEAD_DIM);
        Path path = write(m, ", \"use_parallel_residual\": true, \"qk_layernorm\": true");
        double[][] x = m.embed("model.embed_tokens", TOKENS);
        double[][] n = m.layerNorm(LAYER + "input_layernorm", x, EPS);
        double[][] mixed = PlainMath.attention(
                rotate(PlainMath.layerNormOfHeads(m.linear(ATTN + "q_proj", n), norms(m, "q_layernorm", 4), EPS)),
                rotate(PlainMath.layerNormOfHeads(m.linear(ATTN + "k_proj", n), norms(m, "k_layernorm", 2), EPS)),
                m.linear(ATTN + "v_proj", n),
                HEAD_DIM,
                PlainMath.causal());
        x = PlainMath.add(PlainMath.add(x, m.linear(ATTN + "o_proj", mixed)), m.gatedMlp(LAYER + "mlp", n));
        PlainMath.assertNear(head(m, x), WrittenModel.logits(path, TOKENS));
    }

    private static double[][] norms(WrittenModel m, String name, int heads) {
        double[][] rows = new double[heads][];
        for (int h = 0; h < heads; h++) {
            rows[h] = m.rows(ATTN + name + ".norms." + h + ".weight")[0];
        }
        return rows;
    }

    @Test
    void oneAfterTheOtherWithBiases() {
        WrittenModel m = model().norm(LAYER + "post_attention_layernorm", HIDDEN);
        Path path = write(m, "");
        double[][] x = m.embed("model.embed_tokens", TOKENS);
        double[][] n = m.layerNorm(LAYER + "input_layernorm", x, EPS);
        double[][] mixed = PlainMath.attention(
                rotate(m.linear(ATTN + "q_proj", n)),
                rotate(m.linear(ATTN + "k_proj", n)),
                m.linear(ATTN + "v_proj", n),
                HEAD_DIM,
                PlainMath.causal());
        x = PlainMath.add(x, m.linear(ATTN + "o_proj", mixed));
        x = PlainMath.add(x, m.gatedMlp(LAYER + "mlp", m.layerNorm(LAYER + "post_attention_layernorm", x, EPS)));
        PlainMath.assertNear(head(m, x), WrittenModel.logits(path, TOKENS));
    }
}
