package org.attention4j.loaders.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.attention4j.loaders.Architectures;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormats;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What recorded models do not have: norms of heads, and the windows and unrotated layers of Cohere 2. */
class CohereTest {
    private static final int HIDDEN = 16;
    private static final int HEAD_DIM = 4;
    private static final double EPS = 1e-5;
    private static final double THETA = 100;
    private static final double SCALE = 0.25;
    private static final int[] TOKENS = {3, 0, 10, 7, 7, 2};

    @TempDir
    private Path directory;

    private static WrittenModel model(int layers) {
        WrittenModel model =
                new WrittenModel().linear("model.embed_tokens", 11, HIDDEN).add("model.norm.weight", HIDDEN);
        for (int i = 0; i < layers; i++) {
            String layer = "model.layers." + i + ".";
            model.add(layer + "input_layernorm.weight", HIDDEN)
                    .linear(layer + "self_attn.q_proj", HIDDEN, HIDDEN)
                    .linear(layer + "self_attn.k_proj", 2 * HEAD_DIM, HIDDEN)
                    .linear(layer + "self_attn.v_proj", 2 * HEAD_DIM, HIDDEN)
                    .linear(layer + "self_attn.o_proj", HIDDEN, HIDDEN)
                    .linear(layer + "mlp.gate_proj", 24, HIDDEN)
                    .linear(layer + "mlp.up_proj", 24, HIDDEN)
                    .linear(layer + "mlp.down_proj", HIDDEN, 24);
        }
        return model;
    }

    private static String config(String type, int layers, String more) {
        return """
            {"model_type": "%s", "num_hidden_layers": %d, "hidden_size": 16, "intermediate_size": 24,
             "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 8, "layer_norm_eps": 1e-5,
             "rope_theta": 100.0, "logit_scale": 0.25, "hidden_act": "silu", %s}\
            """.formatted(type, layers, more);
    }

    /** A layer, of which {@code attend} computes the attention of queries, keys and values. */
    private interface Attend {
        double[][] of(double[][] q, double[][] k, double[][] v);
    }

    private static double[][] layer(WrittenModel m, String layer, double[][] x, Attend attend) {
        double[][] n = m.layerNorm(layer + "input_layernorm", x, EPS);
        double[][] mixed = attend.of(
                m.linear(layer + "self_attn.q_proj", n),
                m.linear(layer + "self_attn.k_proj", n),
                m.linear(layer + "self_attn.v_proj", n));
        return PlainMath.add(
                PlainMath.add(x, m.linear(layer + "self_attn.o_proj", mixed)), m.gatedMlp(layer + "mlp", n));
    }

    private static double[][] head(WrittenModel m, double[][] x) {
        double[][] logits = PlainMath.linear(m.layerNorm("model.norm", x, EPS), m.rows("model.embed_tokens.weight"));
        return PlainMath.map(logits, v -> v * SCALE);
    }

    private static double[][] rotate(double[][] x) {
        return PlainMath.rotateNeighbours(x, HEAD_DIM, THETA);
    }

    @Test
    void commandRPlusNormalisesEachHeadByItsOwnWeights() {
        String attn = "model.layers.0.self_attn.";
        WrittenModel m = model(1).add(attn + "q_norm.weight", 4, HEAD_DIM).add(attn + "k_norm.weight", 2, HEAD_DIM);
        Path path = m.write(directory, config("cohere", 1, "\"use_qk_norm\": true"));
        double[][] x = layer(
                m,
                "model.layers.0.",
                m.embed("model.embed_tokens", TOKENS),
                (q, k, v) -> PlainMath.attention(
                        rotate(PlainMath.layerNormOfHeads(q, m.rows(attn + "q_norm.weight"), EPS)),
                        rotate(PlainMath.layerNormOfHeads(k, m.rows(attn + "k_norm.weight"), EPS)),
                        v,
                        HEAD_DIM,
                        PlainMath.causal()));
        PlainMath.assertNear(head(m, x), WrittenModel.logits(path, TOKENS));
    }

    @Test
    void cohere2RotatesOnlyWhereAWindowSlides() {
        WrittenModel m = model(2);
        Path path = m.write(directory, config("cohere2", 2, "\"sliding_window\": 3, \"sliding_window_pattern\": 2"));
        double[][] x = m.embed("model.embed_tokens", TOKENS);
        x = layer(
                m,
                "model.layers.0.",
                x,
                (q, k, v) -> PlainMath.attention(rotate(q), rotate(k), v, HEAD_DIM, PlainMath.window(3)));
        x = layer(m, "model.layers.1.", x, (q, k, v) -> PlainMath.attention(q, k, v, HEAD_DIM, PlainMath.causal()));
        PlainMath.assertNear(head(m, x), WrittenModel.logits(path, TOKENS));
    }

    @Test
    void theLongestContextIsThatOfTraining() {
        Path path = model(1).write(directory, config("cohere", 1, "\"model_max_length\": 128"));
        try (Checkpoint checkpoint = ModelFormats.open(path)) {
            assertEquals(128, Architectures.define(checkpoint).info().contextLength());
        }
    }
}
