package org.attention4j;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.model.ModelInfo;
import org.attention4j.core.pooling.Pooling;
import org.attention4j.loaders.SentenceConfig;

/** What a caller chooses when opening an {@link EmbeddingModel}. Everything has a default but the location. */
public final class EmbeddingModelBuilder {
    private final String location;
    private Optional<String> backend = Optional.empty();
    private BackendOptions backendOptions = BackendOptions.DEFAULT;
    private Optional<Path> tokenizer = Optional.empty();
    private Optional<Pooling> pooling = Optional.empty();
    private Optional<Boolean> normalize = Optional.empty();
    private OptionalInt maxTokens = OptionalInt.empty();

    EmbeddingModelBuilder(String location) {
        this.location = location;
    }

    /** The backend, such as {@code onnx} or {@code reference}; default: the best one that is ready. */
    public EmbeddingModelBuilder backend(String name) {
        backend = Optional.of(name);
        return this;
    }

    /** The backend's device, threads and settings; default: the backend's choice. */
    public EmbeddingModelBuilder backendOptions(BackendOptions options) {
        backendOptions = options;
        return this;
    }

    /**
     * The tokenizer: a {@code tokenizer.json}, {@code tokenizer.model}, {@code vocab.txt}, a vocabulary of RWKV or llama2.c, a
     * GGUF file, or a directory with one of them; default: the model's own. It is read when it is first needed.
     */
    public EmbeddingModelBuilder tokenizer(Path path) {
        tokenizer = Optional.of(path);
        return this;
    }

    /** How the vectors of tokens become one; default: as the model's files say, else the mean. */
    public EmbeddingModelBuilder pooling(Pooling value) {
        pooling = Optional.of(value);
        return this;
    }

    /** Whether vectors get the Euclidean length 1; default: as the model's files say, and yes for GGUF files, which don't. */
    public EmbeddingModelBuilder normalize(boolean value) {
        normalize = Optional.of(value);
        return this;
    }

    /** Where longer texts are cut off; default: as the model's files say, else what the model can read. */
    public EmbeddingModelBuilder maxTokens(int tokens) {
        maxTokens = OptionalInt.of(tokens);
        return this;
    }

    /**
     * Opens the model.
     *
     * @throws IllegalArgumentException if the most tokens are not positive or more than the model can read, or it lacks the
     *     pooling
     * @throws org.attention4j.loaders.ModelFormatException if it can't be read, is broken, of an unknown architecture, or no
     *     encoder
     * @throws org.attention4j.core.backend.BackendException if the backend is unknown, not ready, or can't run the model
     */
    public EmbeddingModel open() {
        return EmbeddingModel.open(this);
    }

    String location() {
        return location;
    }

    Optional<Path> tokenizer() {
        return tokenizer;
    }

    Backend createBackend() {
        return backend.map(name -> Backends.create(name, backendOptions))
                .orElseGet(() -> Backends.createDefault(backendOptions));
    }

    Pooling poolingOr(Pooling ofModel) {
        return pooling.orElse(ofModel);
    }

    boolean normalize(SentenceConfig ofModel) {
        return normalize.orElse(ofModel.normalize());
    }

    int maxTokens(SentenceConfig ofModel, ModelInfo info) {
        int most = info.contextLength();
        int tokens = maxTokens.orElse(Math.min(most, ofModel.maxTokens().orElse(most)));
        if (tokens < 1 || tokens > most) {
            throw new IllegalArgumentException("most tokens of a text: got %d, expected 1 to %d, which %s can read"
                    .formatted(tokens, most, location));
        }
        return tokens;
    }
}
