package org.attention4j.cli.options;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.attention4j.EmbeddingModel;
import org.attention4j.EmbeddingModelBuilder;
import org.attention4j.LanguageModel;
import org.attention4j.LanguageModelBuilder;
import org.attention4j.ModelFiles;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which model, on which backend. */
public final class ModelOption {
    /** The model that is taken where none is given. */
    public static final String DEFAULT = "builtin:stories";

    @Option(
            names = "--model",
            paramLabel = "PATH",
            defaultValue = DEFAULT,
            description = "A GGUF file, a directory in the Hugging Face layout, ORG/NAME in a cache, or builtin:NAME."
                    + " Default: "
                    + DEFAULT + ".")
    private String location;

    @Option(
            names = "--tokenizer",
            paramLabel = "PATH",
            description = "A tokenizer file, or a directory or GGUF file with one. Default: the model's own.")
    private Optional<Path> tokenizer;

    @Mixin
    private BackendOption backend;

    /** The model as the user wrote it. */
    public String location() {
        return location;
    }

    /** The backend's options. */
    public BackendOption backend() {
        return backend;
    }

    /**
     * The model's files, without a backend.
     *
     * @throws org.attention4j.loaders.ModelFormatException if they can't be read, or are broken or of an unknown architecture
     */
    public ModelFiles files() {
        return ModelFiles.open(location, tokenizer);
    }

    /** To open an encoder with. */
    public EmbeddingModelBuilder encoder() {
        EmbeddingModelBuilder builder = EmbeddingModel.builder(location).backendOptions(backend.options());
        backend.name().ifPresent(builder::backend);
        tokenizer.ifPresent(builder::tokenizer);
        return builder;
    }

    /** Opens the model; without a context length, with the default one. */
    public LanguageModel open(OptionalInt contextLength) {
        return builder(location, contextLength, backend.pinned()).open();
    }

    /** Opens another model on the same backend, or the same with other lowerings. */
    public LanguageModel open(String otherLocation, OptionalInt contextLength, Map<String, String> pinned) {
        return builder(otherLocation, contextLength, pinned).open();
    }

    private LanguageModelBuilder builder(String otherLocation, OptionalInt contextLength, Map<String, String> pinned) {
        LanguageModelBuilder builder = LanguageModel.builder(otherLocation).backendOptions(backend.options());
        backend.name().ifPresent(builder::backend);
        contextLength.ifPresent(builder::contextLength);
        pinned.forEach(builder::pin);
        if (otherLocation.equals(location)) {
            tokenizer.ifPresent(builder::tokenizer);
        }
        return builder;
    }
}
