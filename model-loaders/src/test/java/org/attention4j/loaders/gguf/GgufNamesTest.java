package org.attention4j.loaders.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.auto.service.AutoService;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GgufNamesTest {
    /** An architecture's own names. */
    @AutoService(GgufNaming.class)
    public static final class Toy implements GgufNaming {
        @Override
        public Set<String> architectures() {
            return Set.of("toy");
        }

        @Override
        public Map<String, String> hyperparameters() {
            return Map.of("conv_kernel", "ssm.conv_kernel");
        }

        @Override
        public Map<String, String> tensors() {
            return Map.of("model.layers.{layer}.post_attention_layernorm", "blk.{layer}.post_attention_norm");
        }
    }

    @Test
    void translatesTensors() {
        GgufNames names = GgufNames.of("llama");
        assertEquals("token_embd.weight", names.tensor("model.embed_tokens.weight"));
        assertEquals("blk.17.attn_q.bias", names.tensor("model.layers.17.self_attn.q_proj.bias"));
        assertEquals("blk.0.ffn_norm.weight", names.tensor("model.layers.0.post_attention_layernorm.weight"));
        assertEquals("blk.3.attn_qkv.weight", names.tensor("transformer.h.3.attn.c_attn.weight"));
        assertEquals("blk.3.attn_norm_2.bias", names.tensor("transformer.h.3.ln_attn.bias"));
    }

    @Test
    void leavesOtherNamesAlone() {
        GgufNames names = GgufNames.of("llama");
        assertEquals("rope_freqs.weight", names.tensor("rope_freqs.weight"));
        assertEquals("blk.0.ssm_a", names.tensor("blk.0.ssm_a"));
        assertEquals("model.layers.0.mixer.D", names.tensor("model.layers.0.mixer.D"));
    }

    @Test
    void translatesKeys() {
        GgufNames names = GgufNames.of("qwen3");
        assertEquals("qwen3.attention.head_count", names.key("num_attention_heads"));
        assertEquals("tokenizer.ggml.bos_token_id", names.key("bos_token_id"));
        assertEquals("qwen3.rope.freq_base", names.key("rope_parameters.rope_theta"));
        assertEquals("qwen3.conv_kernel", names.key("conv_kernel"));
    }

    @Test
    void architecturesAddNames() {
        GgufNames names = GgufNames.of("toy");
        assertEquals("toy.ssm.conv_kernel", names.key("conv_kernel"));
        assertEquals("toy.block_count", names.key("num_hidden_layers"));
        assertEquals(
                "blk.1.post_attention_norm.weight", names.tensor("model.layers.1.post_attention_layernorm.weight"));
    }
}
