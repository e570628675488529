package org.attention4j.loaders.tokenizer;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.core.text.TokenizerInfo;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.ModelFormatException;

/** Finds the tokenizer of a model. */
public final class Tokenizers {
    private static final TokenizerFinder<Tokenizer> WHOLE = new TokenizerFinder<>() {
        @Override
        Optional<Tokenizer> ofGguf(Config metadata) {
            return GgufTokenizers.of(metadata);
        }

        @Override
        Tokenizer ofJson(Path file) {
            return Tokenizers.ofJson(file);
        }

        @Override
        Tokenizer of(Tokenizer whole) {
            return whole;
        }
    };

    private static final TokenizerFinder<TokenizerInfo> INFO = new TokenizerFinder<>() {
        @Override
        Optional<TokenizerInfo> ofGguf(Config metadata) {
            return GgufTokenizers.info(metadata);
        }

        @Override
        TokenizerInfo ofJson(Path file) {
            TokenizerJson json = TokenizerJson.readWithoutMerges(file);
            int special = (int)
                    json.added().stream().filter(TokenizerJson.Added::special).count();
            return new TokenizerInfo(
                    json.kind(), json.size(), special, special(file, json).ends());
        }

        @Override
        TokenizerInfo of(Tokenizer whole) {
            try (whole) {
                return TokenizerInfo.of(whole);
            }
        }
    };

    private Tokenizers() {}

    /**
     * The tokenizer that comes with a model: in the metadata of a GGUF file, or in a file beside the weights of another format.
     * Empty if there is none. It is independent of the checkpoint and must be closed.
     *
     * @throws ModelFormatException if a file can't be read or is not what it should be
     */
    public static Optional<Tokenizer> of(Checkpoint checkpoint) {
        return WHOLE.of(checkpoint);
    }

    /**
     * What the tokenizer that comes with a model looks like from outside. Of a GGUF file and of a {@code tokenizer.json} this reads
     * and checks less than {@link #of} does, and takes a fraction of the time.
     *
     * @throws ModelFormatException if a file can't be read, or what was read of it is not what it should be
     */
    public static Optional<TokenizerInfo> info(Checkpoint checkpoint) {
        return INFO.of(checkpoint);
    }

    /**
     * The tokenizer in a directory: {@code tokenizer.json}, SentencePiece's {@code tokenizer.model} or {@code spiece.model},
     * BERT's {@code vocab.txt}, llama2.c's {@code tokenizer.bin}, or a vocabulary of RWKV. Empty if it has none of them.
     *
     * @throws ModelFormatException if a file can't be read or is not what it should be
     */
    public static Optional<Tokenizer> ofDirectory(Path directory) {
        return WHOLE.ofDirectory(directory);
    }

    /**
     * The tokenizer in a file, whose name says which kind it is, or in a directory.
     *
     * @param path a directory, a GGUF file, or one of the files that {@link #ofDirectory} looks for
     * @throws ModelFormatException if there is none, or a file can't be read or is not what it should be
     */
    public static Tokenizer open(Path path) {
        return WHOLE.open(path);
    }

    /**
     * What the tokenizer that {@link #open} opens looks like from outside: see {@link #info(Checkpoint)}.
     *
     * @throws ModelFormatException if there is none, or a file can't be read, or what was read of it is not what it should be
     */
    public static TokenizerInfo info(Path path) {
        return INFO.open(path);
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
        return new JsonTokenizer(file, json, special(file, json));
    }

    private static SpecialTokens special(Path file, TokenizerJson json) {
        TextTemplate template = json.template();
        return new HfSpecialTokens(HfFiles.beside(file), json::find, json.size(), Map.of())
                .around(template.prefix(), template.suffix());
    }

    /**
     * The tokenizer in a vocabulary file of llama2.c ({@code tokenizer.bin}, {@code tok512.bin}).
     *
     * @throws ModelFormatException if the file can't be read or is something else
     */
    public static Tokenizer ofLlama2c(Path file) {
        return TokenizerFinder.mapped(file, bytes -> Llama2cTokenizers.of(file, bytes));
    }
}
