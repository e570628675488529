/**
 * GGUF files, versions 2 and 3, as llama.cpp and its relatives write them: reading through a memory map, writing, and the
 * translation of their names of hyperparameters and tensors. The format is specified in ggml's {@code docs/gguf.md}; all
 * values are little-endian.
 */
@NullMarked
package org.attention4j.loaders.gguf;

import org.jspecify.annotations.NullMarked;
