package org.attention4j.loaders.tokenizer;

import java.nio.file.Path;
import java.util.Optional;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.io.MappedFile;

/** Finds the tokenizer of a model. */
public final class Tokenizers {
    private Tokenizers() {}

    /**
     * The tokenizer that the {@code tokenizer.ggml.*} keys of a GGUF file describe; empty if they say that there is none.
     *
     * @throws ModelFormatException if its kind is not known or the values don't fit together
     */
    public static Optional<Tokenizer> ofGguf(Config metadata) {
        return GgufTokenizers.of(metadata);
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
