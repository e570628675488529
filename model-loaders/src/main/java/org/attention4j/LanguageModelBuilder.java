package org.attention4j;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.model.ModelInfo;

/** What a caller chooses when opening a {@link LanguageModel}. Everything has a default but the location. */
public final class LanguageModelBuilder {
    /** The default context length of models that were trained for more: states grow with it. */
    public static final int DEFAULT_CONTEXT_LENGTH = 4096;

    private final String location;
    private Optional<String> backend = Optional.empty();
    private BackendOptions backendOptions = BackendOptions.DEFAULT;
    private Optional<Path> tokenizer = Optional.empty();
    private final Map<String, String> pinned = new HashMap<>();
    private OptionalInt contextLength = OptionalInt.empty();

    LanguageModelBuilder(String location) {
        this.location = location;
    }

    /** The backend, such as {@code onnx} or {@code reference}; default: the best one that is ready. */
    public LanguageModelBuilder backend(String name) {
        backend = Optional.of(name);
        return this;
    }

    /** The backend's device, threads and settings; default: the backend's choice. */
    public LanguageModelBuilder backendOptions(BackendOptions options) {
        backendOptions = options;
        return this;
    }

    /**
     * The tokenizer: a {@code tokenizer.json}, {@code tokenizer.model}, {@code vocab.txt}, a vocabulary of RWKV or llama2.c, a
     * GGUF file, or a directory with one of them; default: the model's own. It is read when it is first needed.
     */
    public LanguageModelBuilder tokenizer(Path path) {
        tokenizer = Optional.of(path);
        return this;
    }

    /** How many threads one step may use; default: the backend's choice. */
    public LanguageModelBuilder threads(int count) {
        backendOptions = backendOptions.withThreads(count);
        return this;
    }

    /**
     * How many tokens prompt and continuation may have together; default: what the model was trained for, but at most {@link
     * #DEFAULT_CONTEXT_LENGTH}.
     */
    public LanguageModelBuilder contextLength(int tokens) {
        contextLength = OptionalInt.of(tokens);
        return this;
    }

    /**
     * Takes a lowering of the caller's choice for all ops of a name; {@code inspect} and {@link
     * org.attention4j.core.backend.Plan} tell the names.
     *
     * @param lowering {@link org.attention4j.core.backend.Plan#DECOMPOSED} for none
     */
    public LanguageModelBuilder pin(String op, String lowering) {
        pinned.put(op, lowering);
        return this;
    }

    /**
     * Opens the model.
     *
     * @throws IllegalArgumentException if the context length is not positive or more than the model was trained for, or there
     *     is no such embedded model
     * @throws org.attention4j.loaders.ModelFormatException if it can't be read, or is broken or of an unknown architecture
     * @throws org.attention4j.core.backend.BackendException if the backend is unknown, not ready, or can't run the model
     */
    public LanguageModel open() {
        return LanguageModel.open(this);
    }

    String location() {
        return location;
    }

    Optional<Path> tokenizer() {
        return tokenizer;
    }

    Optional<String> backend() {
        return backend;
    }

    BackendOptions backendOptions() {
        return backendOptions;
    }

    CompileOptions compileOptions() {
        return new CompileOptions(pinned);
    }

    int contextLength(ModelInfo info) {
        int length = contextLength.orElse(Math.min(DEFAULT_CONTEXT_LENGTH, info.contextLength()));
        if (length < 1 || length > info.contextLength()) {
            throw new IllegalArgumentException("context length: got %d, expected 1 to %d, which %s was trained for"
                    .formatted(length, info.contextLength(), location));
        }
        return length;
    }
}
