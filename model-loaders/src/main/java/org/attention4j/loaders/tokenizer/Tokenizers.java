package org.attention4j.loaders.tokenizer;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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

/** Finds the tokenizer of a model. */
public final class Tokenizers {
    private static final String TOKENIZER_JSON = "tokenizer.json";
    private static final Pattern RWKV = Pattern.compile("rwkv.*\\.txt");

    /** In the order in which they are looked for. */
    private static final List<String> NAMES = List.of(
            TOKENIZER_JSON, "tokenizer.model", "spiece.model", "vocab.txt", "tokenizer.bin", "sentencepiece.bpe.model");

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
     * The tokenizer in a directory: {@code tokenizer.json}, SentencePiece's {@code tokenizer.model} or {@code spiece.model},
     * BERT's {@code vocab.txt}, llama2.c's {@code tokenizer.bin}, or a vocabulary of RWKV. Empty if it has none of them.
     *
     * @throws ModelFormatException if a file can't be read or is not what it should be
     */
    public static Optional<Tokenizer> ofDirectory(Path directory) {
        return NAMES.stream()
                .map(directory::resolve)
                .filter(Files::exists)
                .findFirst()
                .or(() -> rwkv(directory))
                .map(Tokenizers::open);
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

    /**
     * The tokenizer in a file, whose name says which kind it is, or in a directory.
     *
     * @param path a directory, a GGUF file, or one of the files that {@link #ofDirectory} looks for
     * @throws ModelFormatException if there is none, or a file can't be read or is not what it should be
     */
    public static Tokenizer open(Path path) {
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
            return ofMapped(path, bytes -> SentencePieceTokenizers.of(path, bytes, HfFiles.beside(path)));
        }
        if (name.equals("vocab.txt")) {
            return ofMapped(path, bytes -> BertVocabularies.of(path, bytes, HfFiles.beside(path)));
        }
        if (name.endsWith(".bin")) {
            return ofLlama2c(path);
        }
        if (RWKV.matcher(name).matches()) {
            return ofMapped(path, bytes -> RwkvTokenizers.of(path, bytes));
        }
        return ofJson(path);
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
        HfSpecialTokens special = new HfSpecialTokens(HfFiles.beside(file), json::find, json.size(), Map.of());
        TextTemplate template = json.template();
        return new JsonTokenizer(file, json, special.around(template.prefix(), template.suffix()));
    }

    /**
     * The tokenizer in a vocabulary file of llama2.c ({@code tokenizer.bin}, {@code tok512.bin}).
     *
     * @throws ModelFormatException if the file can't be read or is something else
     */
    public static Tokenizer ofLlama2c(Path file) {
        return ofMapped(file, bytes -> Llama2cTokenizers.of(file, bytes));
    }

    private static Tokenizer ofMapped(Path file, Function<MemorySegment, Tokenizer> read) {
        try (MappedFile mapped = MappedFile.open(file)) {
            return read.apply(mapped.bytes());
        }
    }
}
