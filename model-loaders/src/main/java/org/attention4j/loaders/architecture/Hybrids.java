package org.attention4j.loaders.architecture;

import java.util.Arrays;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.loaders.Config;

/** What models have in common that mix layers of attention with layers of other kinds. */
final class Hybrids {
    private Hybrids() {}

    /** Whether a layer is one of attention: whether the file has its queries. */
    static boolean isAttention(CheckpointWeights weights, int layer) {
        return weights.has("model.layers." + layer + ".self_attn.q_proj.weight");
    }

    /** The attention of those layers that have it: GGUF files state key/value heads of all layers, 0 for the others. */
    static AttentionSpec attention(Config config) {
        int heads = config.size("num_attention_heads");
        int[] kvHeads = config.sizes("num_key_value_heads", config.size("num_hidden_layers"));
        int most = Arrays.stream(kvHeads).max().orElse(0);
        if (most == 0 || Arrays.stream(kvHeads).anyMatch(n -> n != 0 && n != most)) {
            throw config.bad("num_key_value_heads", "the same in all layers of attention");
        }
        return AttentionSpec.causal(heads, most, Configs.headDim(config));
    }
}
