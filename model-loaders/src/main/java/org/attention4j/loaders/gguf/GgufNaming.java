package org.attention4j.loaders.gguf;

import java.util.Map;
import java.util.Set;

/**
 * Names that some architectures use in GGUF files beside, or instead of, the common ones of {@link GgufNames}. Implementations
 * are found by {@link java.util.ServiceLoader}: an architecture that needs one annotates it with
 * {@code @AutoService(GgufNaming.class)}.
 */
public interface GgufNaming {
    /** The values of {@code general.architecture} that the names are for. */
    Set<String> architectures();

    /**
     * Hyperparameters: from the canonical (Hugging Face) name to the key, of which the leading {@code <architecture>.} is left
     * out, for example {@code conv_kernel} to {@code ssm.conv_kernel}.
     */
    Map<String, String> hyperparameters();

    /**
     * Tensors: from the canonical (Hugging Face) name to the name in the file, both with <code>{layer}</code> for the number
     * of the layer and without a final {@code .weight} or {@code .bias}, which carries over. For example
     * <code>backbone.layers.{layer}.mixer.in_proj</code> to <code>blk.{layer}.ssm_in</code>.
     */
    Map<String, String> tensors();
}
