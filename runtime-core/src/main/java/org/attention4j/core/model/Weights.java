package org.attention4j.core.model;

import java.util.Optional;
import org.attention4j.core.tensor.Tensor;

/** A model's tensors by name. The tensors are usually views of a mapped file: asking for one reads nothing. */
public interface Weights {
    /** The tensor of this name, if there is one. */
    Optional<Tensor> find(String name);

    /**
     * The tensor of this name.
     *
     * @throws IllegalArgumentException if there is none, naming it and the file
     */
    default Tensor get(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException("tensor " + name + " is missing"));
    }
}
