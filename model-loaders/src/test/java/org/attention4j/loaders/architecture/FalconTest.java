package org.attention4j.loaders.architecture;

import java.nio.file.Path;
import org.attention4j.loaders.architecture.PlainMath.Bias;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shape of the RW models: ALiBi, blocks one after the other, biases, as many key/value heads as heads. */
class FalconTest {
    private static final int HIDDEN = 16;
    private static final int HEAD_DIM = 8;
    private static final int[] TOKENS = {3, 0, 10, 7, 7};
    private static final String LAYER = "transformer.h.0.";

    @TempDir
    private Path directory;

    @Test
    void theRwModelsScaleTheBiasWithTheScores() {
        WrittenModel model = model();
        Path path = model.write(directory, """
            {"model_type": "falcon", "alibi": true, "bias": true, "hidden_size": 16, "layer_norm_epsilon": 1e-5,
             "max_position_embeddings": 9, "multi_query": false, "new_decoder_architecture": false,
             "num_attention_heads": 2, "num_hidden_layers": 1, "parallel_attn": false, "vocab_size": 11}\
            """);
        PlainMath.assertNear(expected(model), WrittenModel.logits(path, TOKENS));
    }

    /** Configurations of the 7B model state as many key/value heads as heads, though there is one. */
    @Test
    void multiQueryIsOneKeyValueHead() {
        WrittenModel model = new WrittenModel()
                .linear("transformer.word_embeddings", 11, HIDDEN)
                .norm(LAYER + "input_layernorm", HIDDEN)
                .linear(LAYER + "self_attention.query_key_value", HIDDEN + 2 * HEAD_DIM, HIDDEN)
                .linear(LAYER + "self_attention.dense", HIDDEN, HIDDEN)
                .linear(LAYER + "mlp.dense_h_to_4h", 24, HIDDEN)
                .linear(LAYER + "mlp.dense_4h_to_h", HIDDEN, 24)
                .norm("transformer.ln_f", HIDDEN);
        Path path = model.write(directory, """
            {"model_type": "falcon", "alibi": false, "hidden_size": 16, "layer_norm_epsilon": 1e-5,
             "max_position_embeddings": 9, "multi_query": true, "num_attention_heads": 2, "num_hidden_layers": 1,
             "num_kv_heads": 2, "parallel_attn": true, "rope_theta": 100, "vocab_size": 11}\
            """);
        double[][] x = model.embed("transformer.word_embeddings", TOKENS);
        double[][] n = model.layerNorm(LAYER + "input_layernorm", x, 1e-5);
        double[][] fused = model.linear(LAYER + "self_attention.query_key_value", n);
        double[][] mixed = PlainMath.attention(
                PlainMath.rotate(PlainMath.columns(fused, 0, HIDDEN), HEAD_DIM, HEAD_DIM, 100),
                PlainMath.rotate(PlainMath.columns(fused, HIDDEN, HIDDEN + HEAD_DIM), HEAD_DIM, HEAD_DIM, 100),
                PlainMath.columns(fused, HIDDEN + HEAD_DIM, HIDDEN + 2 * HEAD_DIM),
                HEAD_DIM,
                PlainMath.causal());
        x = PlainMath.add(x, model.linear(LAYER + "self_attention.dense", mixed));
        PlainMath.assertNear(head(model, PlainMath.add(x, mlp(model, n))), WrittenModel.logits(path, TOKENS));
    }

    private static WrittenModel model() {
        return new WrittenModel()
                .linear("transformer.word_embeddings", 11, HIDDEN)
                .norm(LAYER + "input_layernorm", HIDDEN)
                .linearWithBias(LAYER + "self_attention.query_key_value", 3 * HIDDEN, HIDDEN)
                .linearWithBias(LAYER + "self_attention.dense", HIDDEN, HIDDEN)
                .norm(LAYER + "post_attention_layernorm", HIDDEN)
                .linearWithBias(LAYER + "mlp.dense_h_to_4h", 24, HIDDEN)
                .linearWithBias(LAYER + "mlp.dense_4h_to_h", HIDDEN, 24)
                .norm("transformer.ln_f", HIDDEN);
    }

    private static double[][] expected(WrittenModel m) {
        double[][] x = m.embed("transformer.word_embeddings", TOKENS);
        double[][] fused =
                m.linear(LAYER + "self_attention.query_key_value", m.layerNorm(LAYER + "input_layernorm", x, 1e-5));
        double[][] mixed = new double[TOKENS.length][0];
        for (int head = 0; head < 2; head++) {
            double[][] qkv = PlainMath.columns(fused, 3 * HEAD_DIM * head, 3 * HEAD_DIM * (head + 1));
            double slope = Math.pow(2, -4 * (head + 1)) / Math.sqrt(HEAD_DIM);
            Bias alibi = (h, i, j) -> slope * (j - i) + PlainMath.causal().of(h, i, j);
            double[][] y = PlainMath.attention(
                    PlainMath.columns(qkv, 0, HEAD_DIM),
                    PlainMath.columns(qkv, HEAD_DIM, 2 * HEAD_DIM),
                    PlainMath.columns(qkv, 2 * HEAD_DIM, 3 * HEAD_DIM),
                    HEAD_DIM,
                    alibi);
            mixed = PlainMath.beside(mixed, y);
        }
        x = PlainMath.add(x, m.linear(LAYER + "self_attention.dense", mixed));
        return head(m, PlainMath.add(x, mlp(m, m.layerNorm(LAYER + "post_attention_layernorm", x, 1e-5))));
    }

    private static double[][] mlp(WrittenModel m, double[][] n) {
        double[][] hidden = PlainMath.map(m.linear(LAYER + "mlp.dense_h_to_4h", n), PlainMath::gelu);
        return m.linear(LAYER + "mlp.dense_4h_to_h", hidden);
    }

    private static double[][] head(WrittenModel m, double[][] x) {
        return PlainMath.linear(m.layerNorm("transformer.ln_f", x, 1e-5), m.rows("transformer.word_embeddings.weight"));
    }
}
