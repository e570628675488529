/**
 * Models as Hugging Face transformers saves them: a directory with {@code config.json} and safetensors files. Configurations
 * of version 4 ({@code rope_theta} and {@code rope_scaling}) and of version 5 ({@code rope_parameters}) look the same to a
 * caller.
 */
@NullMarked
package org.attention4j.loaders.hf;

import org.jspecify.annotations.NullMarked;
