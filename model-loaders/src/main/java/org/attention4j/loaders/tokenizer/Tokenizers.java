package org.attention4j.loaders.tokenizer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.io.MappedFile;

/** Finds the tokenizer of a model. */
public final class Tokenizers {
    private static final String TOKENIZER_JSON = "tokenizer.json";
    private static final String TOKENIZER_BIN = "tokenizer.bin";

    private Tokenizers() {}

    /**
     * The tokenizer that comes with a model: in the metadata of a GGUF file, or in a file beside the weights of another format.
     * Empty if there is none. It is independent of the checkpoint and must be closed.
     *
     * @throws ModelFormatException if a file can't be read or is not what it should be
     */
    public static Optional<Tokenizer> of(Checkpoint checkpoint) {
        if (checkpoint.metadata().has("tokenizer.ggml.model")) {
            return ofGguf(checkpoint.metadata());
        }
        Path path = checkpoint.path().toAbsolutePath();
        return Files.isDirectory(path)
                ? ofDirectory(path)
                : Optional.ofNullable(path.getParent()).flatMap(Tokenizers::ofDirectory);
    }

    /**
     * The tokenizer in a directory: {@code tokenizer.json}, or llama2.c's {@code tokenizer.bin}. Empty if it has neither.
     *
     * @throws ModelFormatException if a file can't be read or is not what it should be
     */
    public static Optional<Tokenizer> ofDirectory(Path directory) {
        return Stream.of(TOKENIZER_JSON, TOKENIZER_BIN)
                .map(directory::resolve)
                .filter(Files::exists)
                .findFirst()
                .map(Tokenizers::open);
    }

    /**
     * The tokenizer in a file: a {@code tokenizer.json} or, if the name ends in {@code .bin}, a vocabulary of llama2.c.
     *
     * @throws ModelFormatException if a file can't be read or is not what it should be
     */
    public static Tokenizer open(Path file) {
        return file.toString().endsWith(".bin") ? ofLlama2c(file) : ofJson(file);
    }

    /**
     * The tokenizer that the {@code tokenizer.ggml.*} keys of a GGUF file describe; empty if they say that there is none.
     *
     * @throws ModelFormatException if its kind is not known or the values don't fit together
     */
    public static Optional<Tokenizer> ofGguf(Config metadata) {
        return GgufTokenizers.of(metadata);
    }

    /**
     * The tokenizer in a {@code tokenizer.json}, with the special tokens that the files beside it name. It holds memory outside
     * the heap until it is closed.
     *
     * @throws ModelFormatException if a file can't be read or is not what it should be
     */
    public static Tokenizer ofJson(Path file) {
        TokenizerJson json = TokenizerJson.read(file);
        Path directory = file.toAbsolutePath().getParent();
        return new JsonTokenizer(file, json, HfSpecialTokens.of(directory == null ? file : directory, json));
    }

    /**
     * The tokenizer in a vocabulary file of llama2.c ({@code tokenizer.bin}, {@code tok512.bin}).
     *
     * @throws ModelFormatException if the file can't be read or is something else
     */
    public static Tokenizer ofLlama2c(Path file) {
        try (MappedFile mapped = MappedFile.open(file)) {
            return Llama2cTokenizers.of(file, mapped.bytes());
        }
    }
}
