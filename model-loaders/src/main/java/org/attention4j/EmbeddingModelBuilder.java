package org.attention4j;

import java.util.Optional;
import java.util.OptionalInt;
import org.attention4j.core.pooling.Pooling;
import org.attention4j.loaders.SentenceConfig;

/** What a caller chooses when opening an {@link EmbeddingModel}. Everything has a default but the location. */
public final class EmbeddingModelBuilder extends ModelOptions<EmbeddingModelBuilder> {
    private Optional<Pooling> pooling = Optional.empty();
    private Optional<Boolean> normalize = Optional.empty();
    private OptionalInt maxTokens = OptionalInt.empty();

    EmbeddingModelBuilder(String location) {
        super(location);
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

    @Override
    EmbeddingModelBuilder self() {
        return this;
    }

    Pooling poolingOr(Pooling ofModel) {
        return pooling.orElse(ofModel);
    }

    boolean normalize(SentenceConfig ofModel) {
        return normalize.orElse(ofModel.normalize());
    }

    OptionalInt maxTokens() {
        return maxTokens;
    }
}
