package org.attention4j.cli.options;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.attention4j.cli.report.Units;
import picocli.CommandLine.Option;

/** What to continue: one of text, a file of text, or token ids. */
public final class PromptOption {
    private static final long LARGEST_FILE = 16 << 20;

    @Option(names = "--prompt", paramLabel = "TEXT", description = "The text to continue.")
    private Optional<String> text = Optional.empty();

    @Option(names = "--prompt-file", paramLabel = "FILE", description = "A file (UTF-8) with the text to continue.")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = "--tokens",
            paramLabel = "ID",
            split = ",",
            description =
                    "The token ids to continue, with commas between them; then no end of text or stop token ends the"
                            + " run.")
    private List<Integer> tokens = List.of();

    /** Whether the user gave none. */
    public boolean isAbsent() {
        return tokens.isEmpty() && text.isEmpty() && file.isEmpty();
    }

    /** The token ids; empty where text was given. */
    public int[] tokens() {
        return tokens.stream().mapToInt(Integer::intValue).toArray();
    }

    /**
     * The text; empty where token ids were given.
     *
     * @throws IOException if the file can't be read, is no text, or larger than any prompt
     */
    public Optional<String> text() throws IOException {
        return file.isPresent() ? Optional.of(read(file.get())) : text;
    }

    /**
     * A file of text.
     *
     * @throws IOException if it can't be read, is no text, or larger than any prompt
     */
    static String read(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException("%s: expected a file of text, got a directory".formatted(path));
        }
        long size = Files.size(path);
        if (size > LARGEST_FILE) {
            throw new IOException(
                    "%s: got %s, expected at most %s".formatted(path, Units.bytes(size), Units.bytes(LARGEST_FILE)));
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(path)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException("%s: expected UTF-8 text, got other bytes".formatted(path), e);
        }
    }
}
