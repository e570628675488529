package org.attention4j.loaders.hf;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.attention4j.loaders.Config;
import org.junit.jupiter.api.Test;

class HfConfigTest {
    @Test
    void readsVersion5() {
        Config rope = rope("""
            {"rope_parameters":{"rope_theta":5e5,"rope_type":"yarn","factor":4,
             "original_max_position_embeddings":32,"partial_rotary_factor":0.5}}\
            """);
        assertYarn(rope);
    }

    @Test
    void readsVersion4() {
        assertYarn(rope("""
            {"rope_theta":500000.0,"partial_rotary_factor":0.5,
             "rope_scaling":{"rope_type":"yarn","factor":4.0,"original_max_position_embeddings":32}}\
            """));
        assertYarn(rope("""
            {"rope_theta":500000,"original_max_position_embeddings":32,"rotary_pct":0.5,
             "rope_scaling":{"type":"yarn","factor":4.0}}\
            """));
    }

    private static void assertYarn(Config rope) {
        assertEquals(500000, rope.number("rope_theta"));
        assertEquals("yarn", rope.text("rope_type"));
        assertEquals(4, rope.number("factor"));
        assertEquals(32, rope.size("original_max_position_embeddings"));
        assertEquals(0.5, rope.number("partial_rotary_factor"));
        assertFalse(rope.has("beta_fast"));
    }

    @Test
    void nullRopeScalingMeansNone() {
        Config rope = rope("{\"rope_theta\":10000.0,\"rope_scaling\":null}");
        assertEquals("default", rope.text("rope_type", "default"));
        assertEquals(10000, rope.number("rope_theta"));
    }

    @Test
    void readsRopeParametersOfEachLayerType() {
        Config config = config("""
            {"rope_parameters":{"full_attention":{"rope_theta":1e6,"rope_type":"linear","factor":8.0},
             "sliding_attention":{"rope_theta":10000.0,"rope_type":"default"}}}\
            """);
        assertLayerTypes(config);
    }

    @Test
    void readsGemma3sLocalBaseOfVersion4() {
        assertLayerTypes(config("""
            {"rope_theta":1e6,"rope_local_base_freq":10000.0,"rope_scaling":{"rope_type":"linear","factor":8.0}}\
            """));
    }

    private static void assertLayerTypes(Config config) {
        Config full = config.section("rope_parameters.full_attention");
        Config sliding = config.section("rope_parameters.sliding_attention");
        assertEquals(1e6, full.number("rope_theta"));
        assertEquals("linear", full.text("rope_type"));
        assertEquals(8, full.number("factor"));
        assertEquals(10000, sliding.number("rope_theta"));
        assertEquals("default", sliding.text("rope_type", "default"));
        assertFalse(sliding.has("factor"));
    }

    @Test
    void oneSetOfRopeParametersIsForAllLayerTypes() {
        Config config = config("{\"rope_parameters\":{\"rope_theta\":3.0,\"rope_type\":\"default\"}}");
        assertEquals(3, config.section("rope_parameters.full_attention").number("rope_theta"));
        assertEquals(3, config.section("rope_parameters.sliding_attention").number("rope_theta"));
    }

    @Test
    void slidingLayersAreNotScaled() {
        Config sliding = config("""
            {"rope_theta":5e5,"rope_scaling":{"rope_type":"yarn","factor":8.0}}\
            """).section("rope_parameters.sliding_attention");
        assertFalse(sliding.has("rope_type"));
        assertFalse(sliding.has("rope_theta"));
    }

    @Test
    void theTextPartGoesFirst() {
        Config config = config("""
            {"model_type":"gemma3","hidden_size":1,"eos_token_id":7,
             "text_config":{"model_type":"llama","n_embd":32,"rope_scaling":{"factor":"two"}}}\
            """);
        assertEquals(32, config.size("hidden_size"));
        assertEquals(7, config.size("eos_token_id"));
        assertFalse(config.has("num_attention_heads"));
        assertRefused(() -> config.flag("hidden_size"), "'text_config.n_embd' is 32, expected true or false");
        assertRefused(
                () -> config.number("rope_parameters.factor"), "'text_config.rope_scaling.factor' is 'two', expected");
    }

    @Test
    void whatTheTextPartLeavesOutIsItsTypesDefault() {
        Config config = config("""
            {"model_type":"gemma3","text_config":{"model_type":"gemma3_text","hidden_size":2560}}\
            """);
        assertEquals(2560, config.size("hidden_size"));
        assertEquals(8, config.size("num_attention_heads"));
        assertEquals(1e-6, config.number("rms_norm_eps"));
        Config alone = config("{\"model_type\":\"gemma3_text\",\"hidden_size\":2560}");
        assertFalse(alone.has("num_attention_heads"));
    }

    @Test
    void findsOtherSpellings() {
        Config gpt2 = config("""
            {"n_embd":32,"n_layer":2,"n_head":4,"n_positions":64,"n_inner":null,"activation_function":"gelu_new"}\
            """);
        assertEquals(32, gpt2.size("hidden_size"));
        assertEquals(2, gpt2.size("num_hidden_layers"));
        assertEquals(4, gpt2.size("num_attention_heads"));
        assertEquals(64, gpt2.size("max_position_embeddings"));
        assertEquals(128, gpt2.size("intermediate_size", 4 * gpt2.size("hidden_size")));
        assertEquals("gelu_new", gpt2.text("hidden_act"));
        assertRefused(() -> gpt2.flag("hidden_size"), "config.json", "'n_embd' is 32, expected true or false");
        assertRefused(() -> gpt2.size("vocab_size"), "'vocab_size' is missing, expected a positive integer");
    }

    @Test
    void errorsUseTheFilesSpelling() {
        Config rope = rope("{\"rope_scaling\":{\"type\":\"yarn\",\"factor\":\"four\"}}");
        assertRefused(() -> rope.number("factor"), "'rope_scaling.factor' is 'four', expected a number");
    }

    @Test
    void architecture() {
        assertEquals(
                "gemma3",
                read("{\"model_type\":\"gemma3\",\"text_config\":{\"model_type\":\"x\"}}")
                        .architecture());
        assertEquals(
                "llama",
                read("{\"model_type\":\"llama\",\"architectures\":[\"X\"]}").architecture());
        assertEquals("RWKV", read("{\"architectures\":[\"RWKV\"]}").architecture());
        assertRefused(() -> read("{}").architecture(), "config.json", "'model_type' is missing");
        assertRefused(() -> read("{\"architectures\":[]}").architecture(), "'architectures' is an array of 0");
        assertRefused(() -> read("{\"model_type\":7}").architecture(), "'model_type' is 7, expected a string");
    }

    @Test
    void pythonsInfinity() {
        assertArrayEquals(
                new double[] {0, Double.POSITIVE_INFINITY},
                config("{\"time_step_limit\":[0.0,Infinity]}").numbers("time_step_limit"));
    }

    @Test
    void brokenJson() {
        assertRefused(() -> config(""), "config.json", "not an object");
        assertRefused(() -> config("[1]"), "not an object");
        assertRefused(() -> config("{\"a\":1"), "not valid JSON");
        assertRefused(() -> config("{\"a\":1,\"a\":2}"), "uplicate");
        assertRefused(() -> config("{\"a\":" + "[".repeat(1000) + "]".repeat(1000) + "}"), "nesting depth");
        assertRefused(() -> config("{\"a\":" + "{\"a\":".repeat(1000) + "1" + "}".repeat(1001)), "nesting depth");
        assertRefused(() -> config("{\"a\":" + "9".repeat(1000) + "}"), "config.json");
        assertRefused(() -> config("{\"a\":01}"), "not valid JSON");
        assertRefused(() -> config("{} x"), "config.json");
    }

    private static Config rope(String json) {
        return config(json).section("rope_parameters");
    }

    private static Config config(String json) {
        return Config.of(read(json));
    }

    private static HfConfig read(String json) {
        return HfConfig.of(Path.of("config.json"), MemorySegment.ofArray(json.getBytes(StandardCharsets.UTF_8)));
    }
}
