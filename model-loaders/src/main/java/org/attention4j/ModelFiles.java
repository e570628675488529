package org.attention4j;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.model.EncoderModel;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.session.CompiledEncoder;
import org.attention4j.core.session.CompiledModel;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.core.text.TokenizerInfo;
import org.attention4j.loaders.Architectures;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormats;
import org.attention4j.loaders.SentenceConfig;

/**
 * A model's files, open: what it is, before any backend has made something of it. Opening maps the files and reads their headers,
 * no weights. Thread-safe; what it gave is valid until it is closed.
 */
public final class ModelFiles implements AutoCloseable {
    private final String location;
    private final Checkpoint checkpoint;
    private final ModelDefinition definition;
    private final LazyTokenizer tokenizer;

    private ModelFiles(String location, Checkpoint checkpoint, Optional<Path> tokenizer) {
        this.location = location;
        this.checkpoint = checkpoint;
        this.definition = Architectures.define(checkpoint);
        this.tokenizer =
                new LazyTokenizer(checkpoint, tokenizer, definition.info().vocabSize());
    }

    /** Opens what {@link ModelLocation#resolve} finds there, with the tokenizer that comes with it. */
    public static ModelFiles open(String location) {
        return open(location, Optional.empty());
    }

    /**
     * Opens what {@link ModelLocation#resolve} finds there.
     *
     * @param tokenizer the file or directory of another tokenizer than the model's own
     * @throws IllegalArgumentException if there is no such embedded model
     * @throws org.attention4j.loaders.ModelFormatException if the model can't be read, or is broken or of an unknown architecture
     */
    public static ModelFiles open(String location, Optional<Path> tokenizer) {
        Checkpoint checkpoint = ModelFormats.open(ModelLocation.resolve(location));
        try {
            return new ModelFiles(location, checkpoint, tokenizer);
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    /** Weights, configuration and metadata. */
    public Checkpoint checkpoint() {
        return checkpoint;
    }

    /** Sizes and layers. */
    public ModelDefinition definition() {
        return definition;
    }

    /**
     * The tokenizer, which is read when it is first asked for.
     *
     * @throws org.attention4j.loaders.ModelFormatException if the model has none, or it is broken or another model's
     */
    public Tokenizer tokenizer() {
        return tokenizer.get();
    }

    /**
     * What the tokenizer looks like from outside, without reading what encoding needs.
     *
     * @throws org.attention4j.loaders.ModelFormatException if the model has none, it is another model's, or what was read of it is
     *     broken
     */
    public TokenizerInfo tokenizerInfo() {
        return tokenizer.info();
    }

    /**
     * What a backend would make of the model, without compiling it; and what one token, or a text of an encoder, asks of the device
     * where the backend tells it.
     *
     * @param contextLength see {@link #contextLength}
     * @throws org.attention4j.core.backend.BackendException if the backend can't run the model
     */
    public Plan plan(Backend backend, CompileOptions options, int contextLength) {
        return definition instanceof EncoderModel encoder
                ? CompiledEncoder.plan(encoder, backend, options, contextLength)
                : CompiledModel.plan(definition, backend, options, contextLength);
    }

    /**
     * For how many tokens there is room: of a sequence, or for an encoder of a text.
     *
     * @param wanted by the caller, who leaves it to the model's files without it
     * @throws IllegalArgumentException if it is not positive or more than the model can do: what it was trained for, unless no
     *     layer keeps all tokens, so that the states have the same size for any number of them
     */
    public int contextLength(OptionalInt wanted) {
        int trained = definition.info().contextLength();
        if (definition.kind() == ModelDefinition.Kind.ENCODER) {
            int most = SentenceConfig.of(checkpoint).maxTokens().orElse(trained);
            return require("most tokens of a text", wanted.orElse(Math.min(most, trained)), trained, "can read");
        }
        int usual = Math.min(LanguageModelBuilder.DEFAULT_CONTEXT_LENGTH, trained);
        int most = definition.isContextBounded() ? trained : Integer.MAX_VALUE;
        return require("context length", wanted.orElse(usual), most, "was trained for");
    }

    private int require(String what, int length, int most, String does) {
        if (length < 1 || length > most) {
            String range =
                    most == Integer.MAX_VALUE ? "at least 1" : "1 to %d, which %s %s".formatted(most, location, does);
            throw new IllegalArgumentException("%s: got %d, expected %s".formatted(what, length, range));
        }
        return length;
    }

    /** Unmaps the files. */
    @Override
    public void close() {
        tokenizer.close();
        checkpoint.close();
    }
}
