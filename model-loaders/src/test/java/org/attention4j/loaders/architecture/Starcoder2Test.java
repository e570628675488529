package org.attention4j.loaders.architecture;

import java.nio.file.Path;
import org.attention4j.loaders.architecture.PlainMath.Bias;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Starcoder2Test {
    private static final int HIDDEN = 16;
    private static final int HEAD_DIM = 8;
    private static final int WINDOW = 2;
    private static final int[] TOKENS = {3, 0, 10, 7, 7};
    private static final String LAYER = "model.layers.0.";

    @TempDir
    private Path directory;

    @Test
    void theWindowSlides() {
        WrittenModel model = new WrittenModel()
                .linear("model.embed_tokens", 11, HIDDEN)
                .norm(LAYER + "input_layernorm", HIDDEN)
                .linearWithBias(LAYER + "self_attn.q_proj", HIDDEN, HIDDEN)
                .linearWithBias(LAYER + "self_attn.k_proj", HEAD_DIM, HIDDEN)
                .linearWithBias(LAYER + "self_attn.v_proj", HEAD_DIM, HIDDEN)
                .linearWithBias(LAYER + "self_attn.o_proj", HIDDEN, HIDDEN)
                .norm(LAYER + "post_attention_layernorm", HIDDEN)
                .linearWithBias(LAYER + "mlp.c_fc", 24, HIDDEN)
                .linearWithBias(LAYER + "mlp.c_proj", HIDDEN, 24)
                .norm("model.norm", HIDDEN);
        Path path = model.write(directory, """
            {"model_type": "starcoder2", "hidden_act": "gelu_pytorch_tanh", "hidden_size": 16,
             "max_position_embeddings": 9, "norm_epsilon": 1e-5, "num_attention_heads": 2, "num_hidden_layers": 1,
             "num_key_value_heads": 1, "rope_theta": 100, "sliding_window": 2, "use_bias": true, "vocab_size": 11}\
            """);
        PlainMath.assertNear(expected(model), WrittenModel.logits(path, TOKENS));
    }

    private static double[][] expected(WrittenModel m) {
        double[][] x = m.embed("model.embed_tokens", TOKENS);
        double[][] n = m.layerNorm(LAYER + "input_layernorm", x, 1e-5);
        Bias window = (h, i, j) -> j <= i && i - j < WINDOW ? 0 : Double.NEGATIVE_INFINITY;
        double[][] mixed = PlainMath.attention(
                PlainMath.rotate(m.linear(LAYER + "self_attn.q_proj", n), HEAD_DIM, HEAD_DIM, 100),
                PlainMath.rotate(m.linear(LAYER + "self_attn.k_proj", n), HEAD_DIM, HEAD_DIM, 100),
                m.linear(LAYER + "self_attn.v_proj", n),
                HEAD_DIM,
                window);
        x = PlainMath.add(x, m.linear(LAYER + "self_attn.o_proj", mixed));
        n = m.layerNorm(LAYER + "post_attention_layernorm", x, 1e-5);
        double[][] hidden = PlainMath.map(m.linear(LAYER + "mlp.c_fc", n), PlainMath::geluTanh);
        x = PlainMath.add(x, m.linear(LAYER + "mlp.c_proj", hidden));
        return PlainMath.linear(m.layerNorm("model.norm", x, 1e-5), m.rows("model.embed_tokens.weight"));
    }
}
