package org.attention4j;

import java.nio.file.Path;
import java.util.Optional;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;

/**
 * What a caller chooses when opening any model. Everything has a default but the location.
 *
 * @param <B> the builder of one kind of model
 */
public abstract sealed class ModelOptions<B extends ModelOptions<B>>
        permits LanguageModelBuilder, EmbeddingModelBuilder {
    private final String location;
    private Optional<String> backend = Optional.empty();
    private BackendOptions backendOptions = BackendOptions.DEFAULT;
    private Optional<Path> tokenizer = Optional.empty();

    ModelOptions(String location) {
        this.location = location;
    }

    /** The backend, such as {@code onnx} or {@code reference}; default: the best one that is ready. */
    public final B backend(String name) {
        backend = Optional.of(name);
        return self();
    }

    /** The backend's device, threads and settings; default: the backend's choice. */
    public final B backendOptions(BackendOptions options) {
        backendOptions = options;
        return self();
    }

    /** How many threads one step may use; default: the backend's choice. */
    public final B threads(int count) {
        backendOptions = backendOptions.withThreads(count);
        return self();
    }

    /**
     * The tokenizer: a {@code tokenizer.json}, {@code tokenizer.model}, {@code vocab.txt}, a vocabulary of RWKV or llama2.c, a
     * GGUF file, or a directory with one of them; default: the model's own. It is read when it is first needed.
     */
    public final B tokenizer(Path path) {
        tokenizer = Optional.of(path);
        return self();
    }

    abstract B self();

    final ModelFiles openFiles() {
        return ModelFiles.open(location, tokenizer);
    }

    final Backend createBackend() {
        return backend.map(name -> Backends.create(name, backendOptions))
                .orElseGet(() -> Backends.createDefault(backendOptions));
    }
}
