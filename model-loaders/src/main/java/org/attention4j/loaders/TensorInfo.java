package org.attention4j.loaders;

import java.util.Optional;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;

/**
 * What a file says about one of its tensors. Files may hold tensors of types that this library does not compute with; they
 * are listed like all others, and only {@link Checkpoint#tensor} refuses them.
 *
 * @param name the name in the file
 * @param type the type as the file format calls it, for example {@code Q4_K} or {@code F8_E4M3}
 * @param dtype the type as a {@link DType}; empty if it is not supported
 * @param shape the dimensions, outermost first (GGUF files state them the other way round)
 * @param bytes the number of bytes that the tensor takes in the file
 */
public record TensorInfo(String name, String type, Optional<DType> dtype, Shape shape, long bytes) {}
