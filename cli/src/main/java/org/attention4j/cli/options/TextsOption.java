package org.attention4j.cli.options;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Several texts: as parameters, lines of a file, or the token ids of one. */
public final class TextsOption {
    @Parameters(arity = "0..*", paramLabel = "TEXT", description = "Texts.")
    private List<String> texts = List.of();

    @Option(names = "--input", paramLabel = "FILE", description = "A file (UTF-8) with a text on each line.")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = "--tokens",
            paramLabel = "ID",
            split = ",",
            description = "The token ids of one text, with commas between them.")
    private List<Integer> tokens = List.of();

    /** The token ids; empty where texts were given. */
    public int[] tokens() {
        return tokens.stream().mapToInt(Integer::intValue).toArray();
    }

    /**
     * The texts; empty where token ids were given.
     *
     * @throws IllegalArgumentException if the user gave none, or texts in two ways
     * @throws IOException if the file can't be read, is no text, or too large
     */
    public List<String> texts() throws IOException {
        int ways = (texts.isEmpty() ? 0 : 1) + (file.isPresent() ? 1 : 0) + (tokens.isEmpty() ? 0 : 1);
        if (ways != 1) {
            throw new IllegalArgumentException("got %s, expected one of TEXT, --input and --tokens"
                    .formatted(ways == 0 ? "no text" : "texts in %d ways".formatted(ways)));
        }
        return file.isPresent() ? PromptOption.read(file.get()).lines().toList() : texts;
    }
}
