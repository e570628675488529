package org.attention4j.loaders.packed;

import java.util.Set;
import java.util.function.Supplier;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.TensorInfo;

/**
 * A tensor that is made of others of the file.
 *
 * @param info what to say about it
 * @param parts the names of those others
 * @param tensor makes it
 */
record PackedTensor(TensorInfo info, Set<String> parts, Supplier<Tensor> tensor) {}
