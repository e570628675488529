package org.attention4j.cli.options;

import java.util.OptionalInt;
import org.attention4j.LanguageModel;
import org.attention4j.LanguageModelBuilder;
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
            description =
                    "A GGUF file, a directory in the Hugging Face layout, or builtin:NAME. Default: " + DEFAULT + ".")
    private String location;

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

    /** Opens the model; without a context length, with the default one. */
    public LanguageModel open(OptionalInt contextLength) {
        return open(location, contextLength);
    }

    /** Opens another model on the same backend. */
    public LanguageModel open(String otherLocation, OptionalInt contextLength) {
        LanguageModelBuilder builder = LanguageModel.builder(otherLocation).backendOptions(backend.options());
        backend.name().ifPresent(builder::backend);
        contextLength.ifPresent(builder::contextLength);
        return builder.open();
    }
}
