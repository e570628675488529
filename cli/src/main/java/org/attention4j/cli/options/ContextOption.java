package org.attention4j.cli.options;

import java.util.Optional;
import java.util.OptionalInt;
import org.attention4j.LanguageModelBuilder;
import picocli.CommandLine.Option;

/** Room for how many tokens. */
public final class ContextOption {
    @Option(
            names = "--context",
            paramLabel = "N",
            description = "Tokens for which there is room. Default: what the model was trained for, but at most "
                    + LanguageModelBuilder.DEFAULT_CONTEXT_LENGTH + ".")
    private Optional<Integer> context;

    /** The number that the user gave, if any. */
    public OptionalInt length() {
        return context.map(OptionalInt::of).orElse(OptionalInt.empty());
    }
}
