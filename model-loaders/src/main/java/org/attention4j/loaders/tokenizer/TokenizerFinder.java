package org.attention4j.loaders.tokenizer;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.ModelFormats;
import org.attention4j.loaders.io.MappedFile;

/**
 * Finds the tokenizer of a model and reads what is wanted of it.
 *
 * @param <T> what is wanted: all, or what it looks like from outside
 */
abstract class TokenizerFinder<T> {
    private static final String TOKENIZER_JSON = "tokenizer.json";
    private static final Pattern RWKV = Pattern.compile("rwkv.*\\.txt");

    /** In the order in which they are looked for. */
    private static final List<String> NAMES = List.of(
            TOKENIZER_JSON, "tokenizer.model", "spiece.model", "vocab.txt", "tokenizer.bin", "sentencepiece.bpe.model");

    /** From the {@code tokenizer.ggml.*} keys of a GGUF file; empty if they say that there is none. */
    abstract Optional<T> ofGguf(Config metadata);

    /** From a {@code tokenizer.json} and the files beside it. */
    abstract T ofJson(Path file);

    /** From a small file, which is read whole in any case. */
    abstract T of(Tokenizer whole);

    /** See {@link Tokenizers#of}. */
    final Optional<T> of(Checkpoint checkpoint) {
        if (checkpoint.metadata().has("tokenizer.ggml.model")) {
            return ofGguf(checkpoint.metadata());
        }
        Path path = checkpoint.home().toAbsolutePath();
        return Files.isDirectory(path)
                ? ofDirectory(path)
                : Optional.ofNullable(path.getParent()).flatMap(this::ofDirectory);
    }

    /** See {@link Tokenizers#ofDirectory}. */
    final Optional<T> ofDirectory(Path directory) {
        return NAMES.stream()
                .map(directory::resolve)
                .filter(Files::exists)
                .findFirst()
                .or(() -> rwkv(directory))
                .map(this::open);
    }

    private static Optional<Path> rwkv(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(
                            file -> RWKV.matcher(file.getFileName().toString()).matches())
                    .min(Comparator.naturalOrder());
        } catch (IOException e) {
            throw new ModelFormatException(directory, "can't be listed: " + e, e);
        }
    }

    /** See {@link Tokenizers#open}. */
    final T open(Path path) {
        if (Files.isDirectory(path)) {
            return ofDirectory(path)
                    .orElseThrow(() -> new ModelFormatException(
                            path, "no tokenizer; looked for %s and rwkv*.txt".formatted(String.join(", ", NAMES))));
        }
        String name = String.valueOf(path.getFileName());
        if (name.endsWith(".gguf")) {
            try (Checkpoint checkpoint = ModelFormats.open(path)) {
                return ofGguf(checkpoint.metadata())
                        .orElseThrow(() -> new ModelFormatException(path, "the file has no tokenizer"));
            }
        }
        if (name.equals("sentencepiece.bpe.model")) {
            throw new ModelFormatException(
                    path, "models with this file number its tokens otherwise, expected a tokenizer.json beside it");
        }
        if (name.endsWith(".model") || name.endsWith(".spm")) {
            return of(mapped(path, bytes -> SentencePieceTokenizers.of(path, bytes, HfFiles.beside(path))));
        }
        if (name.equals("vocab.txt")) {
            return of(mapped(path, bytes -> BertVocabularies.of(path, bytes, HfFiles.beside(path))));
        }
        if (name.endsWith(".bin")) {
            return of(Tokenizers.ofLlama2c(path));
        }
        if (RWKV.matcher(name).matches()) {
            return of(mapped(path, bytes -> RwkvTokenizers.of(path, bytes)));
        }
        return ofJson(path);
    }

    static Tokenizer mapped(Path file, Function<MemorySegment, Tokenizer> read) {
        try (MappedFile mapped = MappedFile.open(file)) {
            return read.apply(mapped.bytes());
        }
    }
}
