package org.attention4j.loaders.architecture;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shape of the 350M model: norms after the residuals, embeddings smaller than hidden states. */
class OptTest {
    private static final int HIDDEN = 16;
    private static final int HEAD_DIM = 8;
    private static final int EMBEDDING = 6;
    private static final int VOCAB = 11;
    private static final int[] TOKENS = {3, 0, 10, 7, 7};

    @TempDir
    private Path directory;

    @Test
    void normsMayComeAfterAndEmbeddingsBeSmaller() {
        WrittenModel model = model();
        Path path = model.write(directory, """
            {"model_type": "opt", "activation_function": "relu", "do_layer_norm_before": false, "ffn_dim": 24,
             "hidden_size": 16, "max_position_embeddings": 9, "num_attention_heads": 2, "num_hidden_layers": 2,
             "vocab_size": 11, "word_embed_proj_dim": 6}\
            """);
        PlainMath.assertNear(expected(model), WrittenModel.logits(path, TOKENS));
    }

    private static WrittenModel model() {
        WrittenModel model = new WrittenModel()
                .linear("model.decoder.embed_tokens", VOCAB, EMBEDDING)
                .linear("model.decoder.embed_positions", 9 + 2, HIDDEN)
                .linear("model.decoder.project_in", HIDDEN, EMBEDDING)
                .linear("model.decoder.project_out", EMBEDDING, HIDDEN);
        for (int i = 0; i < 2; i++) {
            String layer = "model.decoder.layers." + i + ".";
            for (String name : new String[] {"q_proj", "k_proj", "v_proj", "out_proj"}) {
                model.linearWithBias(layer + "self_attn." + name, HIDDEN, HIDDEN);
            }
            model.norm(layer + "self_attn_layer_norm", HIDDEN)
                    .linearWithBias(layer + "fc1", 24, HIDDEN)
                    .linearWithBias(layer + "fc2", HIDDEN, 24)
                    .norm(layer + "final_layer_norm", HIDDEN);
        }
        return model;
    }

    private static double[][] expected(WrittenModel m) {
        double[][] x = m.linear("model.decoder.project_in", m.embed("model.decoder.embed_tokens", TOKENS));
        x = PlainMath.add(x, m.embed("model.decoder.embed_positions", 2, 3, 4, 5, 6));
        for (int i = 0; i < 2; i++) {
            String layer = "model.decoder.layers." + i + ".";
            double[][] mixed = PlainMath.attention(
                    m.linear(layer + "self_attn.q_proj", x),
                    m.linear(layer + "self_attn.k_proj", x),
                    m.linear(layer + "self_attn.v_proj", x),
                    HEAD_DIM,
                    PlainMath.causal());
            x = PlainMath.add(x, m.linear(layer + "self_attn.out_proj", mixed));
            x = m.layerNorm(layer + "self_attn_layer_norm", x, 1e-5);
            double[][] hidden = PlainMath.map(m.linear(layer + "fc1", x), PlainMath::relu);
            x = m.layerNorm(layer + "final_layer_norm", PlainMath.add(x, m.linear(layer + "fc2", hidden)), 1e-5);
        }
        return PlainMath.linear(m.linear("model.decoder.project_out", x), m.rows("model.decoder.embed_tokens.weight"));
    }
}
