package org.attention4j.loaders.gguf;

import java.util.Set;
import org.attention4j.loaders.Checkpoint;

/**
 * Models of some architectures as GGUF files that llama.cpp knows: the inverse of what loading such a file does. Implementations are
 * stateless and found by {@link java.util.ServiceLoader}: annotate one with {@code @AutoService(GgufFamily.class)} and models of its
 * architectures can be written.
 */
public interface GgufFamily {
    /** The architectures of the models, as {@link Checkpoint#architecture()} names them. */
    Set<String> architectures();

    /** What {@code general.architecture} is in the file of a model. */
    String nameInGguf(Checkpoint checkpoint);

    /**
     * Fills in the hyperparameters and tensors.
     *
     * @throws org.attention4j.loaders.UnsupportedModelException if the model computes something that a file of this architecture can't
     *     tell
     */
    void describe(GgufDraft draft);
}
