package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.core.text.TokenizerInfo;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.ModelFormatException;

/**
 * Tokenizers from the {@code tokenizer.ggml.*} keys of a GGUF file
 * (<a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">the GGUF specification</a>).
 */
final class GgufTokenizers {
    private static final String KEYS = "tokenizer.ggml.";
    private static final String SCORES = KEYS + "scores";
    private static final String MERGES = KEYS + "merges";
    private static final String PRE = KEYS + "pre";
    private static final String CHARS_MAP = KEYS + "precompiled_charsmap";
    private static final String UNKNOWN = "unknown_token_id";

    private final Config metadata;

    private GgufTokenizers(Config metadata) {
        this.metadata = metadata;
    }

    /**
     * One kind of tokenizer.
     *
     * @param name for people
     * @param around what is around its texts
     * @param tokenizer makes it
     */
    private record Form(String name, Function<GgufSpecialTokens, SpecialTokens> around, Maker tokenizer) {}

    @FunctionalInterface
    private interface Maker {
        Tokenizer make(Vocabulary vocabulary, GgufSpecialTokens ids, SpecialTokens special);
    }

    /**
     * The tokenizer that the metadata of a GGUF file describe; empty if they say that the model has none.
     *
     * @throws ModelFormatException if its kind is not known or the metadata don't fit together
     */
    static Optional<Tokenizer> of(Config metadata) {
        return new GgufTokenizers(metadata).form().map(form -> {
            Vocabulary vocabulary = new GgufTokens(metadata).read();
            GgufSpecialTokens ids = new GgufSpecialTokens(metadata, vocabulary);
            return form.tokenizer.make(vocabulary, ids, form.around.apply(ids));
        });
    }

    /** The same, without reading more texts of tokens than those of special ones, nor what they are merged or scored by. */
    static Optional<TokenizerInfo> info(Config metadata) {
        return new GgufTokenizers(metadata).form().map(form -> {
            Tokens tokens = new GgufTokens(metadata);
            GgufSpecialTokens ids = new GgufSpecialTokens(metadata, tokens);
            Set<Integer> special = IntStream.range(0, tokens.size())
                    .filter(id -> tokens.kind(id).isSpecial())
                    .boxed()
                    .collect(Collectors.toCollection(HashSet::new));
            if (form.name.equals(WordPieceJson.KIND)) {
                special.add(unknownWord(metadata, ids));
            }
            return new TokenizerInfo(
                    form.name,
                    tokens.size(),
                    special.size(),
                    form.around.apply(ids).ends());
        });
    }

    private Optional<Form> form() {
        return switch (metadata.text(KEYS + "model", "none")) {
            case "none", "no_vocab" -> Optional.empty();
            case "llama" ->
                Optional.of(new Form(SpmTokenizer.KIND, ids -> ids.around(1, 2, true, false), this::sentencePiece));
            case "gpt2" -> Optional.of(bytePairs(metadata.text(PRE, "default")));
            case "gemma4" -> Optional.of(bytePairs("gemma4"));
            case "bert" ->
                Optional.of(new Form(WordPieceJson.KIND, GgufSpecialTokens::aroundWordPieces, this::wordPieces));
            case "t5" ->
                Optional.of(new Form(
                        UnigramTokenizer.KIND, ids -> ids.around(Vocabulary.NONE, 1, false, true), this::unigram));
            case "rwkv" ->
                Optional.of(new Form(
                        RwkvTokenizer.KIND,
                        ids -> ids.around(Vocabulary.NONE, Vocabulary.NONE, false, false),
                        this::world));
            default -> throw metadata.bad(KEYS + "model", "one of llama, gpt2, gemma4, bert, t5, rwkv, none");
        };
    }

    private Tokenizer sentencePiece(Vocabulary vocabulary, GgufSpecialTokens ids, SpecialTokens special) {
        SentencePieceNormalizer normalizer =
                SentencePieceNormalizer.ofSpaces(metadata.flag(KEYS + "add_space_prefix", true));
        return new SpmTokenizer(
                pieces(vocabulary, normalizer, ids.id(UNKNOWN, 0)), Cuts.atUserDefined(vocabulary), special);
    }

    private Tokenizer unigram(Vocabulary vocabulary, GgufSpecialTokens ids, SpecialTokens special) {
        SentencePieceNormalizer normalizer = new SentencePieceNormalizer(
                charsMap(),
                ByteTrie.EMPTY,
                new SentencePieceNormalizer.Spaces(
                        metadata.flag(KEYS + "add_space_prefix", false),
                        metadata.flag(KEYS + "remove_extra_whitespaces", false),
                        true,
                        false));
        return new UnigramTokenizer(
                pieces(vocabulary, normalizer, ids.id(UNKNOWN, 2)), Cuts.atUserDefined(vocabulary), special, false);
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

    private Form bytePairs(String pre) {
        PreTokenizers.Kind kind = PreTokenizers.find(pre)
                .orElseThrow(() -> metadata.bad(PRE, "one of " + String.join(", ", PreTokenizers.names())));
        return new Form(
                kind.description(),
                ids -> ids.around(Vocabulary.NONE, Vocabulary.NONE, kind.addsBos(), false),
                (vocabulary, ids, special) -> bytePairs(kind, vocabulary, ids, special));
    }

    private Tokenizer bytePairs(
            PreTokenizers.Kind kind, Vocabulary vocabulary, GgufSpecialTokens ids, SpecialTokens special) {
        if (!kind.spellsBytes()) {
            requireBytes(vocabulary);
        }
        return new BpeTokenizer(
                vocabulary,
                new MergeTable(metadata.file(), vocabulary, metadata.texts(MERGES)),
                kind,
                ids.id(UNKNOWN, Vocabulary.NONE).orElse(Vocabulary.NONE),
                special);
    }

    private Tokenizer wordPieces(Vocabulary vocabulary, GgufSpecialTokens ids, SpecialTokens special) {
        boolean lowercase = metadata.flag(KEYS + "normalizer.lowercase", true);
        boolean stripAccents = metadata.flag(KEYS + "normalizer.strip_accents", lowercase);
        TokenizerJson json = WordPieceJson.of(
                metadata.file(),
                WordPieceJson.fromGguf(vocabulary),
                vocabulary.kinds(),
                unknownWord(metadata, ids),
                new WordPieceJson.Normalization(lowercase, stripAccents));
        return new JsonTokenizer(metadata.file(), json, special);
    }

    /** The id of the token for words that can't be spelled: special whatever the file says of its type. */
    private static int unknownWord(Config metadata, GgufSpecialTokens ids) {
        return ids.id(UNKNOWN, 100).orElseThrow(() -> metadata.bad(KEYS + UNKNOWN, "a token id"));
    }

    private Tokenizer world(Vocabulary vocabulary, GgufSpecialTokens ids, SpecialTokens special) {
        return new RwkvTokenizer(
                vocabulary,
                RwkvTokenizers.bytes(metadata.file(), vocabulary),
                ids.id(UNKNOWN, Vocabulary.NONE).orElse(Vocabulary.NONE),
                special);
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
