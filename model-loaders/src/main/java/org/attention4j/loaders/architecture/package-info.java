/**
 * Model architectures, one file each. A file reads the sizes from the configuration, says what its mixers are, and writes its
 * block as the paper draws it. Weights go by their Hugging Face names; GGUF's names are translated by the checkpoint.
 */
@NullMarked
package org.attention4j.loaders.architecture;

import org.jspecify.annotations.NullMarked;
