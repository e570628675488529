package org.attention4j;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.attention4j.core.backend.CompileOptions;

/** What a caller chooses when opening a {@link LanguageModel}. Everything has a default but the location. */
public final class LanguageModelBuilder extends ModelOptions<LanguageModelBuilder> {
    /** The default context length of models that were trained for more: states grow with it. */
    public static final int DEFAULT_CONTEXT_LENGTH = 4096;

    private final Map<String, String> pinned = new HashMap<>();
    private OptionalInt contextLength = OptionalInt.empty();

    LanguageModelBuilder(String location) {
        super(location);
    }

    /**
     * How many tokens prompt and continuation may have together; default: what the model was trained for, but at most {@link
     * #DEFAULT_CONTEXT_LENGTH}. A model of which no layer keeps all tokens, such as a recurrence, goes on beyond that.
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
     * @throws IllegalArgumentException if the context length is not positive or more than the model was trained for and bounded
     *     by, or there is no such embedded model
     * @throws org.attention4j.loaders.ModelFormatException if it can't be read, or is broken or of an unknown architecture
     * @throws org.attention4j.core.backend.BackendException if the backend is unknown, not ready, or can't run the model
     */
    public LanguageModel open() {
        return LanguageModel.open(this);
    }

    @Override
    LanguageModelBuilder self() {
        return this;
    }

    CompileOptions compileOptions() {
        return new CompileOptions(pinned);
    }

    OptionalInt contextLength() {
        return contextLength;
    }
}
