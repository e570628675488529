package org.attention4j.loaders.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.attention4j.core.text.StreamingDecoder;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.core.text.TokenizerInfo;
import org.attention4j.loaders.Config;

/** Small vocabularies in the form of GGUF metadata, and texts to try them on. */
final class TokenizerSamples {
    static final Path NAME = Path.of("sample.gguf");

    private TokenizerSamples() {}

    /** Metadata with keys below {@code tokenizer.ggml.}. */
    static Config metadata(Map<String, Object> values) {
        Map<String, Object> full = new LinkedHashMap<>();
        values.forEach((key, value) -> full.put("tokenizer.ggml." + key, value));
        return Config.of(new Config.Source() {
            @Override
            public Path file() {
                return NAME;
            }

            @Override
            public Set<String> keys() {
                return full.keySet();
            }

            @Override
            public Optional<Object> find(String key) {
                return Optional.ofNullable(full.get(key));
            }

            @Override
            public String spelling(String key) {
                return key;
            }
        });
    }

    /** The tokenizer, which looks the same read in part. */
    static Tokenizer tokenizer(Map<String, Object> values) {
        Tokenizer tokenizer = GgufTokenizers.of(metadata(values)).orElseThrow();
        assertEquals(
                TokenizerInfo.of(tokenizer),
                GgufTokenizers.info(metadata(values)).orElseThrow());
        return tokenizer;
    }

    /** A list of the metadata, to be changed and put back. */
    static List<Object> list(Map<String, Object> metadata, String key) {
        return new ArrayList<>((List<?>) metadata.getOrDefault(key, List.of()));
    }

    /** A SentencePiece vocabulary: unknown, beginning, end, all bytes, then {@code pieces}, each scored lower than the one before. */
    static Map<String, Object> sentencePiece(String... pieces) {
        List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
        List<Long> types = new ArrayList<>(List.of(2L, 3L, 3L));
        List<Double> scores = new ArrayList<>(List.of(0.0, 0.0, 0.0));
        for (int b = 0; b < 256; b++) {
            tokens.add("<0x%02X>".formatted(b));
            types.add(6L);
            scores.add(0.0);
        }
        for (String piece : pieces) {
            scores.add((double) (255 - tokens.size()));
            tokens.add(piece);
            types.add(1L);
        }
        return new LinkedHashMap<>(Map.of("model", "llama", "tokens", tokens, "token_type", types, "scores", scores));
    }

    /** A byte-level vocabulary: all bytes in order, what {@code merges} make, then the end of text. */
    static Map<String, Object> bytePairs(String pre, String... merges) {
        List<String> tokens = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            tokens.add(String.valueOf(ByteAlphabet.character(b)));
        }
        for (String merge : merges) {
            tokens.add(merge.replace(" ", ""));
        }
        List<Long> types = new ArrayList<>();
        tokens.forEach(token -> types.add(1L));
        tokens.add("<|endoftext|>");
        types.add(3L);
        return new LinkedHashMap<>(Map.of(
                "model",
                "gpt2",
                "pre",
                pre,
                "tokens",
                tokens,
                "token_type",
                types,
                "merges",
                List.of(merges),
                "bos_token_id",
                (long) tokens.size() - 1,
                "eos_token_id",
                (long) tokens.size() - 1));
    }

    /** A vocabulary of word pieces: the special tokens of BERT, then {@code pieces} in GGUF's spelling. */
    static Map<String, Object> wordPieces(String... pieces) {
        List<String> tokens = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[unused0]"));
        List<Long> types = new ArrayList<>(List.of(3L, 3L, 3L, 3L, 3L, 1L));
        for (String piece : pieces) {
            tokens.add(piece);
            types.add(1L);
        }
        return new LinkedHashMap<>(Map.of(
                "model",
                "bert",
                "tokens",
                tokens,
                "token_type",
                types,
                "unknown_token_id",
                1L,
                "cls_token_id",
                2L,
                "seperator_token_id",
                3L));
    }

    /** A unigram model: padding, end, unknown, then {@code pieces} with their scores; extra spaces are removed. */
    static Map<String, Object> unigram(String[] pieces, double[] scores) {
        List<String> tokens = new ArrayList<>(List.of("<pad>", "</s>", "<unk>"));
        List<Long> types = new ArrayList<>(List.of(3L, 3L, 2L));
        List<Double> all = new ArrayList<>(List.of(0.0, 0.0, 0.0));
        for (int i = 0; i < pieces.length; i++) {
            tokens.add(pieces[i]);
            types.add(1L);
            all.add(scores[i]);
        }
        return new LinkedHashMap<>(Map.of(
                "model",
                "t5",
                "tokens",
                tokens,
                "token_type",
                types,
                "scores",
                all,
                "add_space_prefix",
                true,
                "remove_extra_whitespaces",
                true));
    }

    /** What a decoder makes of ids one at a time. */
    static String stream(StreamingDecoder decoder, int... ids) {
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(decoder.push(id));
        }
        return text.append(decoder.flush()).toString();
    }

    /** Text of up to {@code length} characters from all planes, with many spaces, digits, line ends and joined characters. */
    static String randomText(Random random, int length) {
        String often = " \n\r\t  abcAB01239.,'s!?é¼ß中文한\u0301\u200d😀🏳\u00a0\u3000";
        int[] codePoints = often.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(length + 1); i > 0; i--) {
            int any = random.nextInt(Character.MAX_CODE_POINT + 1);
            boolean surrogate = any <= Character.MAX_VALUE && Character.isSurrogate((char) any);
            boolean rare = random.nextInt(8) == 0 && !surrogate && any != '▁';
            text.appendCodePoint(rare ? any : codePoints[random.nextInt(codePoints.length)]);
        }
        return text.toString();
    }
}
