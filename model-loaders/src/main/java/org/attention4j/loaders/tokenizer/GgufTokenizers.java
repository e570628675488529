package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.ModelFormatException;

/**
 * Tokenizers from the {@code tokenizer.ggml.*} keys of a GGUF file
 * (<a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">the GGUF specification</a>).
 */
final class GgufTokenizers {
    private static final String KEYS = "tokenizer.ggml.";
    private static final String TOKENS = KEYS + "tokens";
    private static final String SCORES = KEYS + "scores";
    private static final String MERGES = KEYS + "merges";
    private static final String PRE = KEYS + "pre";
    private static final String TYPES = KEYS + "token_type";

    private final Config metadata;

    private GgufTokenizers(Config metadata) {
        this.metadata = metadata;
    }

    /**
     * The tokenizer that the metadata of a GGUF file describe; empty if they say that the model has none.
     *
     * @throws ModelFormatException if its kind is not known or the metadata don't fit together
     */
    static Optional<Tokenizer> of(Config metadata) {
        String model = metadata.text(KEYS + "model", "none");
        GgufTokenizers reader = new GgufTokenizers(metadata);
        return switch (model) {
            case "none", "no_vocab" -> Optional.empty();
            case "llama" -> Optional.of(reader.sentencePiece());
            case "gpt2" -> Optional.of(reader.bytePairs());
            case "bert" -> Optional.of(reader.wordPieces());
            default -> throw metadata.bad(KEYS + "model", "one of llama, gpt2, bert, none");
        };
    }

    private Tokenizer sentencePiece() {
        Vocabulary vocabulary = vocabulary();
        GgufSpecialTokens special = new GgufSpecialTokens(metadata, vocabulary);
        for (int id = 0; id < vocabulary.size(); id++) {
            if (vocabulary.kind(id) == TokenKind.BYTE && !vocabulary.text(id).matches("<0x[0-9A-Fa-f]{2}>")) {
                throw new ModelFormatException(
                        metadata.file(),
                        "token %d is of type byte and named %s, expected <0x00> to <0xFF>"
                                .formatted(id, quote(vocabulary.text(id))));
            }
        }
        return new SpmTokenizer(
                vocabulary,
                scores(vocabulary),
                special.id("unknown_token_id", 0).orElse(Vocabulary.NONE),
                metadata.flag(KEYS + "add_space_prefix", true),
                special.around(1, 2, true, false));
    }

    private Tokenizer bytePairs() {
        String pre = metadata.text(PRE, "default");
        PreTokenizers.Kind kind = PreTokenizers.find(pre)
                .orElseThrow(() -> metadata.bad(PRE, "one of " + String.join(", ", PreTokenizers.names())));
        Vocabulary vocabulary = vocabulary();
        GgufSpecialTokens special = new GgufSpecialTokens(metadata, vocabulary);
        return new BpeTokenizer(
                vocabulary,
                new MergeTable(metadata.file(), vocabulary, metadata.texts(MERGES)),
                kind,
                special.id("unknown_token_id", Vocabulary.NONE).orElse(Vocabulary.NONE),
                special.around(Vocabulary.NONE, Vocabulary.NONE, kind.addsBos(), false));
    }

    private Tokenizer wordPieces() {
        Vocabulary vocabulary = vocabulary();
        GgufSpecialTokens special = new GgufSpecialTokens(metadata, vocabulary);
        String key = "unknown_token_id";
        int unknown = special.id(key, 100).orElseThrow(() -> metadata.bad(KEYS + key, "a token id"));
        boolean lowercase = metadata.flag(KEYS + "normalizer.lowercase", true);
        boolean stripAccents = metadata.flag(KEYS + "normalizer.strip_accents", lowercase);
        TokenizerJson json = WordPieceJson.of(
                metadata.file(),
                WordPieceJson.fromGguf(vocabulary),
                vocabulary.kinds(),
                unknown,
                new WordPieceJson.Normalization(lowercase, stripAccents));
        return new JsonTokenizer(metadata.file(), json, special.aroundWordPieces());
    }

    private Vocabulary vocabulary() {
        List<String> texts = metadata.texts(TOKENS);
        List<TokenKind> kinds = metadata.has(TYPES)
                ? IntStream.of(metadata.integers(TYPES)).mapToObj(this::kind).toList()
                : Collections.nCopies(texts.size(), TokenKind.NORMAL);
        return new Vocabulary(metadata.file(), texts, kinds);
    }

    private TokenKind kind(int number) {
        return TokenKind.ofGguf(number)
                .orElseThrow(() -> new ModelFormatException(
                        metadata.file(), "'%s' holds %d, expected 0 to 6".formatted(TYPES, number)));
    }

    private float[] scores(Vocabulary vocabulary) {
        double[] numbers = metadata.numbers(SCORES);
        if (numbers.length != vocabulary.size()) {
            throw metadata.bad(SCORES, "%d numbers, one per token".formatted(vocabulary.size()));
        }
        float[] scores = new float[numbers.length];
        for (int id = 0; id < scores.length; id++) {
            scores[id] = (float) numbers[id];
        }
        return scores;
    }
}
