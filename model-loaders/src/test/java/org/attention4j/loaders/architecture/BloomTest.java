package org.attention4j.loaders.architecture;

import java.nio.file.Path;
import org.attention4j.loaders.architecture.PlainMath.Bias;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BloomTest {
    private static final int HIDDEN = 16;
    private static final int[] TOKENS = {3, 0, 10, 7, 7};
    private static final String LAYER = "h.0.";

    @TempDir
    private Path directory;

    /** Bare models lack the first part of the names. One head: its queries, keys and values are in order. */
    @Test
    void residualsMayBeginAfterTheNorms() {
        WrittenModel model = new WrittenModel()
                .linear("word_embeddings", 11, HIDDEN)
                .norm("word_embeddings_layernorm", HIDDEN)
                .norm(LAYER + "input_layernorm", HIDDEN)
                .linearWithBias(LAYER + "self_attention.query_key_value", 3 * HIDDEN, HIDDEN)
                .linearWithBias(LAYER + "self_attention.dense", HIDDEN, HIDDEN)
                .norm(LAYER + "post_attention_layernorm", HIDDEN)
                .linearWithBias(LAYER + "mlp.dense_h_to_4h", 64, HIDDEN)
                .linearWithBias(LAYER + "mlp.dense_4h_to_h", HIDDEN, 64)
                .norm("ln_f", HIDDEN);
        Path path = model.write(directory, """
            {"model_type": "bloom", "apply_residual_connection_post_layernorm": true, "layer_norm_epsilon": 1e-5,
             "n_embed": 16, "n_layer": 1, "num_attention_heads": 1, "seq_length": 9, "vocab_size": 11}\
            """);
        PlainMath.assertNear(expected(model), WrittenModel.logits(path, TOKENS));
    }

    private static double[][] expected(WrittenModel m) {
        double[][] x = m.layerNorm("word_embeddings_layernorm", m.embed("word_embeddings", TOKENS), 1e-5);
        double[][] n = m.layerNorm(LAYER + "input_layernorm", x, 1e-5);
        double[][] fused = m.linear(LAYER + "self_attention.query_key_value", n);
        Bias alibi = (h, i, j) -> Math.pow(2, -8) * (j - i) + PlainMath.causal().of(h, i, j);
        double[][] mixed = PlainMath.attention(
                PlainMath.columns(fused, 0, HIDDEN),
                PlainMath.columns(fused, HIDDEN, 2 * HIDDEN),
                PlainMath.columns(fused, 2 * HIDDEN, 3 * HIDDEN),
                HIDDEN,
                alibi);
        x = PlainMath.add(n, m.linear(LAYER + "self_attention.dense", mixed));
        n = m.layerNorm(LAYER + "post_attention_layernorm", x, 1e-5);
        double[][] hidden = PlainMath.map(m.linear(LAYER + "mlp.dense_h_to_4h", n), PlainMath::geluTanh);
        x = PlainMath.add(n, m.linear(LAYER + "mlp.dense_4h_to_h", hidden));
        return PlainMath.linear(m.layerNorm("ln_f", x, 1e-5), m.rows("word_embeddings.weight"));
    }
}
