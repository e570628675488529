/**
 * safetensors files: reading through a memory map, also of models in several files joined by an index, and writing. A file is
 * a 64-bit length, that many bytes of JSON with each tensor's type, shape and offsets, then the tensors' bytes without gaps.
 */
@NullMarked
package org.attention4j.loaders.safetensors;

import org.jspecify.annotations.NullMarked;
