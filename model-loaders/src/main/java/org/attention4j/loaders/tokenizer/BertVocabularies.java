package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.attention4j.loaders.ModelFormatException.quote;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.loaders.ModelFormatException;

/**
 * Tokenizers from BERT's {@code vocab.txt}: one token in each line, a piece inside a word with {@code ##} before it. Whether
 * capitals are kept is said by the {@code tokenizer_config.json} beside it.
 */
final class BertVocabularies {
    private static final int LARGEST_FILE = 1 << 24;

    private static final Map<String, String> NAMES =
            Map.of("unk", "[UNK]", "bos", "[CLS]", "cls", "[CLS]", "sep", "[SEP]", "pad", "[PAD]", "mask", "[MASK]");

    private BertVocabularies() {}

    /**
     * The tokenizer in a file's bytes.
     *
     * @throws ModelFormatException if they are no such vocabulary, or the model is of another kind
     */
    static Tokenizer of(Path file, MemorySegment bytes, HfFiles files) {
        String kind = files.text("tokenizer_class").orElse("BertTokenizer");
        if (!kind.contains("Bert") && !kind.startsWith("Electra") && !kind.startsWith("MPNet")) {
            throw new ModelFormatException(
                    file,
                    "vocabularies of %s are not read, expected one of BERT or a tokenizer.json beside it"
                            .formatted(quote(kind)));
        }
        List<String> texts = read(file, bytes);
        HfSpecialTokens found = new HfSpecialTokens(files, text -> id(texts, text), texts.size(), defaults(texts));
        Map<String, Integer> special = new HashMap<>();
        NAMES.keySet().forEach(name -> found.id(name).ifPresent(id -> special.put(name, id)));
        List<TokenKind> kinds = new ArrayList<>(Collections.nCopies(texts.size(), TokenKind.NORMAL));
        special.values().forEach(id -> kinds.set(id, TokenKind.CONTROL));
        boolean lowercase = files.flag("do_lower_case").orElse(true);
        TokenizerJson json = WordPieceJson.of(
                file,
                texts,
                kinds,
                require(file, special, "unk"),
                new WordPieceJson.Normalization(
                        lowercase, files.flag("strip_accents").orElse(lowercase)));
        return new JsonTokenizer(
                file,
                json,
                found.around(List.of(require(file, special, "cls")), List.of(require(file, special, "sep"))));
    }

    private static Map<String, Integer> defaults(List<String> texts) {
        Map<String, Integer> defaults = new HashMap<>();
        NAMES.forEach((name, text) -> id(texts, text).ifPresent(id -> defaults.put(name, id)));
        return defaults;
    }

    private static int require(Path file, Map<String, Integer> special, String name) {
        return Optional.ofNullable(special.get(name))
                .orElseThrow(() -> new ModelFormatException(
                        file,
                        "no token is %s, expected one or its name in tokenizer_config.json"
                                .formatted(NAMES.get(name))));
    }

    private static Optional<Integer> id(List<String> texts, String text) {
        return Optional.of(texts.indexOf(text)).filter(id -> id >= 0);
    }

    private static List<String> read(Path file, MemorySegment bytes) {
        if (bytes.byteSize() > LARGEST_FILE) {
            throw new ModelFormatException(
                    file, "the file has %d bytes, expected at most %d".formatted(bytes.byteSize(), LARGEST_FILE));
        }
        byte[] content = bytes.toArray(ValueLayout.JAVA_BYTE);
        if (!Unicode.isUtf8(ByteBuffer.wrap(content))) {
            throw new ModelFormatException(file, "not valid UTF-8");
        }
        List<String> lines = new ArrayList<>(List.of(new String(content, UTF_8).split("\n", -1)));
        if (lines.getLast().isEmpty()) {
            lines.removeLast();
        }
        lines.replaceAll(line -> line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
        if (lines.isEmpty()) {
            throw new ModelFormatException(file, "vocabulary: it has no tokens");
        }
        return lines;
    }
}
