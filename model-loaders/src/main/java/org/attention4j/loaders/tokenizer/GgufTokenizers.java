package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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
    private static final String CHARS_MAP = KEYS + "precompiled_charsmap";
    private static final String UNKNOWN = "unknown_token_id";

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
            case "gpt2" -> Optional.of(reader.bytePairs(metadata.text(PRE, "default")));
            case "gemma4" -> Optional.of(reader.bytePairs("gemma4"));
            case "bert" -> Optional.of(reader.wordPieces());
            case "t5" -> Optional.of(reader.unigram());
            case "rwkv" -> Optional.of(reader.world());
            default -> throw metadata.bad(KEYS + "model", "one of llama, gpt2, gemma4, bert, t5, rwkv, none");
        };
    }

    private Tokenizer sentencePiece() {
        Vocabulary vocabulary = vocabulary();
        GgufSpecialTokens special = new GgufSpecialTokens(metadata, vocabulary);
        SentencePieceNormalizer normalizer =
                SentencePieceNormalizer.ofSpaces(metadata.flag(KEYS + "add_space_prefix", true));
        return new SpmTokenizer(
                pieces(vocabulary, normalizer, special.id(UNKNOWN, 0)),
                Cuts.atUserDefined(vocabulary),
                special.around(1, 2, true, false));
    }

    private Tokenizer unigram() {
        Vocabulary vocabulary = vocabulary();
        GgufSpecialTokens special = new GgufSpecialTokens(metadata, vocabulary);
        SentencePieceNormalizer normalizer = new SentencePieceNormalizer(
                charsMap(),
                ByteTrie.EMPTY,
                new SentencePieceNormalizer.Spaces(
                        metadata.flag(KEYS + "add_space_prefix", false),
                        metadata.flag(KEYS + "remove_extra_whitespaces", false),
                        true,
                        false));
        return new UnigramTokenizer(
                pieces(vocabulary, normalizer, special.id(UNKNOWN, 2)),
                Cuts.atUserDefined(vocabulary),
                special.around(Vocabulary.NONE, 1, false, true),
                false);
    }

    private SentencePieces pieces(Vocabulary vocabulary, SentencePieceNormalizer normalizer, OptionalInt unknown) {
        requireBytes(vocabulary);
        ByteFallback bytes = new ByteFallback(vocabulary, unknown.orElse(Vocabulary.NONE));
        return new SentencePieces(vocabulary, scores(vocabulary), normalizer, bytes);
    }

    private void requireBytes(Vocabulary vocabulary) {
        for (int id = 0; id < vocabulary.size(); id++) {
            if (vocabulary.kind(id) == TokenKind.BYTE && ByteFallback.byteOf(vocabulary.text(id)) < 0) {
                throw new ModelFormatException(
                        metadata.file(),
                        "token %d is of type byte and named %s, expected <0x00> to <0xFF>"
                                .formatted(id, quote(vocabulary.text(id))));
            }
        }
    }

    private Optional<CharsMap> charsMap() {
        if (!metadata.has(CHARS_MAP)) {
            return Optional.empty();
        }
        int[] numbers = metadata.integers(CHARS_MAP);
        byte[] bytes = new byte[numbers.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) numbers[i];
            if (numbers[i] != bytes[i] && numbers[i] != (bytes[i] & 0xff)) {
                throw metadata.bad(CHARS_MAP, "an array of bytes");
            }
        }
        return Optional.of(CharsMap.of(
                bytes, detail -> new ModelFormatException(metadata.file(), quote(CHARS_MAP) + " " + detail)));
    }

    private Tokenizer bytePairs(String pre) {
        PreTokenizers.Kind kind = PreTokenizers.find(pre)
                .orElseThrow(() -> metadata.bad(PRE, "one of " + String.join(", ", PreTokenizers.names())));
        Vocabulary vocabulary = vocabulary();
        if (!kind.spellsBytes()) {
            requireBytes(vocabulary);
        }
        GgufSpecialTokens special = new GgufSpecialTokens(metadata, vocabulary);
        return new BpeTokenizer(
                vocabulary,
                new MergeTable(metadata.file(), vocabulary, metadata.texts(MERGES)),
                kind,
                special.id(UNKNOWN, Vocabulary.NONE).orElse(Vocabulary.NONE),
                special.around(Vocabulary.NONE, Vocabulary.NONE, kind.addsBos(), false));
    }

    private Tokenizer wordPieces() {
        Vocabulary vocabulary = vocabulary();
        GgufSpecialTokens special = new GgufSpecialTokens(metadata, vocabulary);
        int unknown = special.id(UNKNOWN, 100).orElseThrow(() -> metadata.bad(KEYS + UNKNOWN, "a token id"));
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

    private Tokenizer world() {
        Vocabulary vocabulary = vocabulary();
        GgufSpecialTokens special = new GgufSpecialTokens(metadata, vocabulary);
        return new RwkvTokenizer(
                vocabulary,
                RwkvTokenizers.bytes(metadata.file(), vocabulary),
                special.id(UNKNOWN, Vocabulary.NONE).orElse(Vocabulary.NONE),
                special.around(Vocabulary.NONE, Vocabulary.NONE, false, false));
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
