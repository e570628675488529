package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.attention4j.loaders.ModelFormatException;

/**
 * The tokens that a Hugging Face model has beside the vocabulary that was trained, or with another meaning than there:
 * {@code added_tokens_decoder} in {@code tokenizer_config.json}, {@code added_tokens.json}, and the names of special tokens.
 */
final class HfAddedTokens {
    /** How many ids there may be beyond the vocabulary that was trained, whether tokens have them or not. */
    private static final int MOST_ADDED = 1 << 18;

    private static final List<String> SPECIAL_NAMES =
            List.of("bos_token", "eos_token", "unk_token", "pad_token", "cls_token", "sep_token", "mask_token");

    private final Path file;
    private final List<String> texts;
    private final List<TokenKind> kinds;
    private final BitSet plain = new BitSet();
    private final int most;

    private HfAddedTokens(Path file, List<String> texts, List<TokenKind> kinds) {
        this.file = file;
        this.texts = new ArrayList<>(texts);
        this.kinds = new ArrayList<>(kinds);
        this.most = texts.size() + MOST_ADDED;
    }

    /**
     * A vocabulary with the tokens that the files beside it add.
     *
     * @param file the vocabulary, for errors
     * @throws ModelFormatException if one of the files is broken or gives an id far outside the vocabulary
     */
    static HfAddedTokens of(Path file, List<String> texts, List<TokenKind> kinds, HfFiles files) {
        HfAddedTokens tokens = new HfAddedTokens(file, texts, kinds);
        Set<String> special = specialNames(files);
        Map<Integer, String> added = new TreeMap<>();
        files.addedTokens().map(JsonView::members).orElse(Map.of()).forEach((text, id) -> added.put(id.id(), text));
        added.forEach((id, text) -> tokens.put(id, text, special.contains(text)));
        files
                .tokenizerConfig()
                .flatMap(view -> view.find("added_tokens_decoder"))
                .map(JsonView::members)
                .orElse(Map.of())
                .entrySet()
                .stream()
                .sorted((a, b) -> Integer.compare(id(a.getKey(), a.getValue()), id(b.getKey(), b.getValue())))
                .forEach(entry -> {
                    JsonView token = entry.getValue();
                    tokens.put(id(entry.getKey(), token), token.get("content").text(), token.flag("special", false));
                });
        return tokens;
    }

    private static int id(String key, JsonView token) {
        if (!key.matches("[0-9]{1,9}")) {
            throw token.error("is not under a token id");
        }
        return Integer.parseInt(key);
    }

    private static Set<String> specialNames(HfFiles files) {
        Set<String> names = new HashSet<>();
        SPECIAL_NAMES.forEach(key -> files.name(key).ifPresent(names::add));
        for (Optional<JsonView> view : List.of(files.tokenizerConfig(), files.specialTokensMap())) {
            view.flatMap(v -> v.find("additional_special_tokens")).map(JsonView::elements).orElse(List.of()).stream()
                    .map(v -> v.value() instanceof Map ? v.get("content").text() : v.text())
                    .forEach(names::add);
        }
        return names;
    }

    private void put(int id, String text, boolean special) {
        if (id >= most) {
            throw new ModelFormatException(
                    file,
                    "the files beside it add %s as token %d to a vocabulary of %d"
                            .formatted(quote(text), id, texts.size()));
        }
        while (texts.size() <= id) {
            texts.add("");
            kinds.add(TokenKind.UNUSED);
        }
        texts.set(id, text);
        if (special) {
            kinds.set(id, kinds.get(id) == TokenKind.UNKNOWN ? TokenKind.UNKNOWN : TokenKind.CONTROL);
        } else {
            kinds.set(id, TokenKind.USER_DEFINED);
        }
        plain.set(id, !special);
    }

    /** The vocabulary with these tokens in it. */
    Vocabulary vocabulary() {
        return new Vocabulary(file, texts, kinds);
    }

    /** How text is cut: at all tokens that were added and are no special ones. */
    Cuts cuts(boolean startBehind) {
        return new Cuts(plain::get, startBehind);
    }
}
