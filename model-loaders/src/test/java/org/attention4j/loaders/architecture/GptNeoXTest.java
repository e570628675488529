package org.attention4j.loaders.architecture;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GptNeoXTest {
    private static final int HIDDEN = 16;
    private static final int HEAD_DIM = 8;
    private static final int[] TOKENS = {3, 0, 10, 7, 7};

    @TempDir
    private Path directory;

    @Test
    void theMlpMayFollowAttention() {
        WrittenModel model = model();
        Path path = model.write(directory, """
            {"model_type": "gpt_neox", "hidden_act": "gelu_fast", "hidden_size": 16, "layer_norm_eps": 1e-5,
             "max_position_embeddings": 9, "num_attention_heads": 2, "num_hidden_layers": 1, "rotary_emb_base": 100,
             "rotary_pct": 0.5, "use_parallel_residual": false, "vocab_size": 11}\
            """);
        PlainMath.assertNear(expected(model), WrittenModel.logits(path, TOKENS));
    }

    private static WrittenModel model() {
        String layer = "gpt_neox.layers.0.";
        return new WrittenModel()
                .linear("gpt_neox.embed_in", 11, HIDDEN)
                .norm(layer + "input_layernorm", HIDDEN)
                .linearWithBias(layer + "attention.query_key_value", 3 * HIDDEN, HIDDEN)
                .linearWithBias(layer + "attention.dense", HIDDEN, HIDDEN)
                .norm(layer + "post_attention_layernorm", HIDDEN)
                .linearWithBias(layer + "mlp.dense_h_to_4h", 24, HIDDEN)
                .linearWithBias(layer + "mlp.dense_4h_to_h", HIDDEN, 24)
                .norm("gpt_neox.final_layer_norm", HIDDEN)
                .linear("embed_out", 11, HIDDEN);
    }

    private static double[][] expected(WrittenModel m) {
        String layer = "gpt_neox.layers.0.";
        double[][] x = m.embed("gpt_neox.embed_in", TOKENS);
        double[][] fused =
                m.linear(layer + "attention.query_key_value", m.layerNorm(layer + "input_layernorm", x, 1e-5));
        double[][] mixed = PlainMath.attention(
                PlainMath.rotate(part(fused, 0), HEAD_DIM, HEAD_DIM / 2, 100),
                PlainMath.rotate(part(fused, 1), HEAD_DIM, HEAD_DIM / 2, 100),
                part(fused, 2),
                HEAD_DIM,
                PlainMath.causal());
        x = PlainMath.add(x, m.linear(layer + "attention.dense", mixed));
        double[][] n = m.layerNorm(layer + "post_attention_layernorm", x, 1e-5);
        double[][] hidden = PlainMath.map(m.linear(layer + "mlp.dense_h_to_4h", n), PlainMath::geluTanh);
        x = PlainMath.add(x, m.linear(layer + "mlp.dense_4h_to_h", hidden));
        return m.linear("embed_out", m.layerNorm("gpt_neox.final_layer_norm", x, 1e-5));
    }

    /** The queries, keys or values of all heads, of which a head's three stand together. */
    private static double[][] part(double[][] fused, int which) {
        return Arrays.stream(fused)
                .map(row -> {
                    double[] out = new double[HIDDEN];
                    for (int i = 0; i < HIDDEN; i++) {
                        out[i] = row[(i / HEAD_DIM * 3 + which) * HEAD_DIM + i % HEAD_DIM];
                    }
                    return out;
                })
                .toArray(double[][]::new);
    }
}
