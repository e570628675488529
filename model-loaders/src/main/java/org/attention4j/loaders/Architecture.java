package org.attention4j.loaders;

import java.util.Set;
import org.attention4j.core.model.ModelDefinition;

/**
 * Makes a model's definition from a checkpoint. Implementations are stateless and found by {@link java.util.ServiceLoader}:
 * annotate one with {@code @AutoService(Architecture.class)} and it is known.
 */
public interface Architecture {
    /**
     * What files call the architecture: {@code model_type} of a {@code config.json}, {@code general.architecture} of a GGUF
     * file.
     */
    Set<String> names();

    /**
     * The definition of the model in {@code checkpoint}, which must stay open as long as it is used. Reads the configuration;
     * weights are looked up when the model's graph is written.
     *
     * @throws ModelFormatException if the configuration lacks something or holds what this architecture can't be
     */
    ModelDefinition define(Checkpoint checkpoint);
}
