package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
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

    /** Control tokens that end a turn in models whose files don't say so, by name. */
    private static final Set<String> ENDS = Set.of(
            "<|eot_id|>",
            "<|eom_id|>",
            "<|im_end|>",
            "<|end|>",
            "<|return|>",
            "<|call|>",
            "<|endoftext|>",
            "<|end_of_text|>",
            "<end_of_turn>",
            "<end_of_utterance>",
            "<EOT>",
            "[EOT]",
            "[EOS]",
            "<｜end▁of▁sentence｜>");

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
            default -> throw metadata.bad(KEYS + "model", "one of llama, gpt2, none");
        };
    }

    private Tokenizer sentencePiece() {
        Vocabulary vocabulary = vocabulary();
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
                id("unknown_token_id", vocabulary, 0).orElse(Vocabulary.NONE),
                metadata.flag(KEYS + "add_space_prefix", true),
                special(vocabulary, 1, 2, true));
    }

    private Tokenizer bytePairs() {
        String pre = metadata.text(PRE, "default");
        PreTokenizers.Kind kind = PreTokenizers.find(pre)
                .orElseThrow(() -> metadata.bad(PRE, "one of " + String.join(", ", PreTokenizers.names())));
        Vocabulary vocabulary = vocabulary();
        return new BpeTokenizer(
                vocabulary,
                new MergeTable(metadata.file(), vocabulary, metadata.texts(MERGES)),
                kind,
                id("unknown_token_id", vocabulary, Vocabulary.NONE).orElse(Vocabulary.NONE),
                special(vocabulary, Vocabulary.NONE, Vocabulary.NONE, kind.addsBos()));
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

    private SpecialTokens special(Vocabulary vocabulary, int bosDefault, int eosDefault, boolean addsBos) {
        OptionalInt bos = id("bos_token_id", vocabulary, bosDefault);
        OptionalInt eos = id("eos_token_id", vocabulary, eosDefault);
        Set<Integer> ends = new HashSet<>();
        eos.ifPresent(ends::add);
        id("eot_token_id", vocabulary, Vocabulary.NONE).ifPresent(ends::add);
        id("eom_token_id", vocabulary, Vocabulary.NONE).ifPresent(ends::add);
        vocabulary
                .ids()
                .filter(id -> vocabulary.kind(id) == TokenKind.CONTROL && ENDS.contains(vocabulary.text(id)))
                .forEach(ends::add);
        return new SpecialTokens(
                added("add_bos_token", "bos_token_id", bos, addsBos),
                added("add_eos_token", "eos_token_id", eos, false),
                bos,
                ends);
    }

    private List<Integer> added(String flag, String key, OptionalInt id, boolean fallback) {
        if (!metadata.flag(KEYS + flag, fallback)) {
            return List.of();
        }
        return List.of(id.orElseThrow(() -> metadata.bad(KEYS + key, "an id, since a token is to be added")));
    }

    /** The id under a key, or the default if that is a token of this vocabulary. */
    private OptionalInt id(String name, Vocabulary vocabulary, int fallback) {
        String key = KEYS + name;
        int id = metadata.integer(key, fallback < vocabulary.size() ? fallback : Vocabulary.NONE);
        boolean given = metadata.has(key);
        if (given && (id < 0 || id >= vocabulary.size())) {
            throw metadata.bad(key, "a token id from 0 to %d".formatted(vocabulary.size() - 1));
        }
        return id == Vocabulary.NONE ? OptionalInt.empty() : OptionalInt.of(id);
    }
}
