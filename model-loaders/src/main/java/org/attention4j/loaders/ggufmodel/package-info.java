/** Models of any format as GGUF files, for llama.cpp and what is built on it. */
@NullMarked
package org.attention4j.loaders.ggufmodel;

import org.jspecify.annotations.NullMarked;
