package org.attention4j.loaders.gguf;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.Golden;
import org.attention4j.loaders.WeightLayout;
import org.junit.jupiter.api.Test;

class GgufCheckpointTest {
    @Test
    void translatesHyperparameters() {
        try (Checkpoint checkpoint = new GgufFormat().open(Golden.path("gguf/llama_yarn-f32.gguf"))) {
            assertEquals("llama", checkpoint.architecture());
            assertEquals(WeightLayout.GGML, checkpoint.layout());
            Config config = checkpoint.config();
            assertEquals(32, config.size("hidden_size"));
            assertEquals(2, config.size("num_hidden_layers"));
            assertEquals(48, config.size("intermediate_size"));
            assertEquals(4, config.size("num_attention_heads"));
            assertEquals(2, config.size("num_key_value_heads"));
            assertEquals(8, config.size("head_dim"));
            assertEquals(128, config.size("max_position_embeddings"));
            assertEquals(1e-6, config.number("rms_norm_eps"), 1e-12);
            assertEquals(256, config.size("vocab_size"));
            assertFalse(config.flag("tie_word_embeddings"));
            Config rope = config.section("rope_parameters");
            assertEquals("yarn", rope.text("rope_type"));
            assertEquals(4, rope.number("factor"));
            assertEquals(32, rope.size("original_max_position_embeddings"));
            assertEquals(32, rope.number("beta_fast"));
            assertEquals(10000, rope.number("rope_theta"));
            assertRefused(() -> config.text("hidden_size"), "'llama.embedding_length' is 32, expected a string");
            assertRefused(() -> config.size("sliding_window"), "'llama.attention.sliding_window' is missing");
        }
    }

    @Test
    void findsTensorsUnderBothNames() {
        try (Checkpoint checkpoint = new GgufFormat().open(Golden.path("gguf/llama_mqa_tied-f32.gguf"))) {
            assertTrue(checkpoint.config().flag("tie_word_embeddings"));
            assertTrue(checkpoint.hasTensor("model.layers.1.self_attn.q_proj.bias"));
            assertTrue(checkpoint.hasTensor("blk.1.attn_q.bias"));
            assertFalse(checkpoint.hasTensor("model.layers.2.self_attn.q_proj.bias"));
            assertEquals(
                    8,
                    checkpoint
                            .tensor("model.layers.0.self_attn.k_proj.weight", 8, 32)
                            .shape()
                            .dim(0));
            assertRefused(() -> checkpoint.tensor("lm_head.weight"), "no tensor 'output.weight'");
        }
    }

    @Test
    void derivesTheVocabularySizeFromTheEmbeddings() {
        GgufFile file = new GgufSample()
                .text("general.architecture", "llama")
                .tensor("token_embd.weight", 0, 0, 2, 7)
                .data(56)
                .open();
        assertEquals(7, new GgufCheckpoint(file).config().size("vocab_size"));
    }
}
