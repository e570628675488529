package org.attention4j.loaders.tokenizer;

import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.attention4j.loaders.Config;

/** The ids of special tokens in the metadata of a GGUF file, and which of them surround a text. */
final class GgufSpecialTokens {
    private static final String KEYS = "tokenizer.ggml.";

    /** Tokens that end a turn in models whose files don't say so, by name. */
    private static final Set<String> ENDS = Set.of(
            "<|eot_id|>",
            "<|eom_id|>",
            "<|im_end|>",
            "<|end|>",
            "<|return|>",
            "<|call|>",
            "<|calls|>",
            "<|flush|>",
            "<|endoftext|>",
            "<|end_of_text|>",
            "<end_of_turn>",
            "<end_of_utterance>",
            "<turn|>",
            "<|tool_response>",
            "<EOT>",
            "_<EOT>",
            "[EOT]",
            "[EOS]",
            "[e~[",
            "<eos>",
            "</s>",
            "<｜end▁of▁sentence｜>",
            "<|fim_pad|>",
            "<|repo_name|>",
            "<|fim_repo|>",
            "<|file_sep|>");

    private final Config metadata;
    private final Tokens tokens;

    GgufSpecialTokens(Config metadata, Tokens tokens) {
        this.metadata = metadata;
        this.tokens = tokens;
    }

    /** The id under a key, or the default if that is a token of this tokens. */
    OptionalInt id(String name, int fallback) {
        String key = KEYS + name;
        int id = metadata.integer(key, fallback < tokens.size() ? fallback : Vocabulary.NONE);
        boolean given = metadata.has(key);
        if (given && (id < 0 || id >= tokens.size())) {
            throw metadata.bad(key, "a token id from 0 to %d".formatted(tokens.size() - 1));
        }
        return id == Vocabulary.NONE ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** The first of these keys that the file has, or else the last. */
    String key(String... names) {
        for (String name : names) {
            if (metadata.has(KEYS + name)) {
                return name;
            }
        }
        return names[names.length - 1];
    }

    /**
     * What is around the texts of generative models.
     *
     * @param bosDefault the token that begins a sequence unless the file says otherwise, or {@link Vocabulary#NONE}
     * @param eosDefault the token that ends one
     * @param addsBos whether a text begins with the former unless the file says otherwise
     * @param addsEos whether it ends with the latter
     */
    SpecialTokens around(int bosDefault, int eosDefault, boolean addsBos, boolean addsEos) {
        OptionalInt bos = id("bos_token_id", bosDefault);
        OptionalInt eos = id("eos_token_id", eosDefault);
        return new SpecialTokens(
                added("add_bos_token", "bos_token_id", bos, addsBos),
                added("add_eos_token", "eos_token_id", eos, addsEos),
                bos,
                ends(eos));
    }

    /** What is around the texts of BERT: the token that stands for the whole text, and a separator. */
    SpecialTokens aroundWordPieces() {
        String clsKey = key("cls_token_id", "bos_token_id");
        // The format's own spelling of this key is the wrong one.
        String separatorKey = key("separator_token_id", "seperator_token_id");
        OptionalInt cls = id(clsKey, 101);
        return new SpecialTokens(
                added("add_bos_token", clsKey, cls, true),
                added("add_sep_token", separatorKey, id(separatorKey, 102), true),
                cls,
                ends(id("eos_token_id", Vocabulary.NONE)));
    }

    private Set<Integer> ends(OptionalInt eos) {
        Set<Integer> ends = IntStream.range(0, tokens.size())
                .filter(id -> isMarker(id) && ENDS.contains(tokens.text(id)))
                .boxed()
                .collect(Collectors.toCollection(HashSet::new));
        // In these formats <|end|> ends a message, of which a turn has several, and </s> is text.
        boolean manyMessages = holds(ends, "<|call|>", "<|return|>")
                || holds(ends, "<|call|>", "<|flush|>")
                || holds(ends, "<|calls|>", "<|flush|>");
        ends.removeIf(id -> (manyMessages && tokens.text(id).equals("<|end|>"))
                || (holds(ends, "<|tool_response>") && tokens.text(id).equals("</s>")));
        eos.ifPresent(ends::add);
        id("eot_token_id", Vocabulary.NONE).ifPresent(ends::add);
        id("eom_token_id", Vocabulary.NONE).ifPresent(ends::add);
        return ends;
    }

    /** Whether a token is no text; some files have it that tokens such as {@code <|im_end|>} are. */
    private boolean isMarker(int id) {
        TokenKind kind = tokens.kind(id);
        return kind == TokenKind.CONTROL
                || (kind == TokenKind.USER_DEFINED && tokens.text(id).startsWith("<|"));
    }

    private boolean holds(Set<Integer> ends, String... texts) {
        Set<String> held = ends.stream().map(tokens::text).collect(Collectors.toSet());
        return held.containsAll(List.of(texts));
    }

    private List<Integer> added(String flag, String key, OptionalInt id, boolean fallback) {
        if (!metadata.flag(KEYS + flag, fallback)) {
            return List.of();
        }
        return List.of(id.orElseThrow(() -> metadata.bad(KEYS + key, "an id, since a token is to be added")));
    }
}
