package org.attention4j.loaders.architecture;

import java.nio.file.Path;
import java.util.Arrays;

/** A BERT of two layers and eleven tokens with random weights, and what it computes. */
public final class TinyBert {
    static final int HIDDEN = 16;
    private static final int HEAD_DIM = 8;
    static final String CONFIG = """
        {"model_type": "bert", "hidden_act": "gelu", "hidden_size": 16, "intermediate_size": 24,
         "layer_norm_eps": 1e-12, "max_position_embeddings": 9, "num_attention_heads": 2, "num_hidden_layers": 2,
         "pad_token_id": 0, "type_vocab_size": 2, "vocab_size": 11}\
        """;

    private TinyBert() {}

    /** Writes it as transformers does. */
    public static Path write(Path directory) {
        return model("", 9).write(directory, CONFIG);
    }

    /** The last hidden states of tokens of type 0, {@code [tokens][16]}. */
    public static double[][] hidden(int... tokens) {
        return hidden(model("", 9), "", tokens, new int[tokens.length], 0);
    }

    static WrittenModel model(String prefix, int positions) {
        WrittenModel model = new WrittenModel()
                .linear(prefix + "embeddings.word_embeddings", 11, HIDDEN)
                .linear(prefix + "embeddings.position_embeddings", positions, HIDDEN)
                .linear(prefix + "embeddings.token_type_embeddings", 2, HIDDEN)
                .norm(prefix + "embeddings.LayerNorm", HIDDEN)
                .linearWithBias(prefix + "pooler.dense", HIDDEN, HIDDEN);
        for (int i = 0; i < 2; i++) {
            String layer = prefix + "encoder.layer." + i + ".";
            for (String name : new String[] {"self.query", "self.key", "self.value", "output.dense"}) {
                model.linearWithBias(layer + "attention." + name, HIDDEN, HIDDEN);
            }
            model.norm(layer + "attention.output.LayerNorm", HIDDEN)
                    .linearWithBias(layer + "intermediate.dense", 24, HIDDEN)
                    .linearWithBias(layer + "output.dense", HIDDEN, 24)
                    .norm(layer + "output.LayerNorm", HIDDEN);
        }
        return model;
    }

    static double[][] hidden(WrittenModel m, String prefix, int[] tokens, int[] types, int firstPosition) {
        int[] positions = new int[tokens.length];
        Arrays.setAll(positions, i -> firstPosition + i);
        double[][] x = m.embed(prefix + "embeddings.word_embeddings", tokens);
        x = PlainMath.add(x, m.embed(prefix + "embeddings.position_embeddings", positions));
        x = PlainMath.add(x, m.embed(prefix + "embeddings.token_type_embeddings", types));
        x = m.layerNorm(prefix + "embeddings.LayerNorm", x, 1e-12);
        for (int i = 0; i < 2; i++) {
            String layer = prefix + "encoder.layer." + i + ".";
            double[][] mixed = PlainMath.attention(
                    m.linear(layer + "attention.self.query", x),
                    m.linear(layer + "attention.self.key", x),
                    m.linear(layer + "attention.self.value", x),
                    HEAD_DIM,
                    (h, q, k) -> 0);
            x = PlainMath.add(x, m.linear(layer + "attention.output.dense", mixed));
            x = m.layerNorm(layer + "attention.output.LayerNorm", x, 1e-12);
            double[][] hidden = PlainMath.map(m.linear(layer + "intermediate.dense", x), PlainMath::gelu);
            x = PlainMath.add(x, m.linear(layer + "output.dense", hidden));
            x = m.layerNorm(layer + "output.LayerNorm", x, 1e-12);
        }
        return x;
    }
}
