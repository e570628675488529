package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.gguf.GgufWriter;

/**
 * The tokenizer of a model in the Hugging Face layout as the {@code tokenizer.ggml.*} keys of a GGUF file: a {@code tokenizer.json} of
 * byte-level pairs. A normalizer to NFC is left out, as llama.cpp's converter does.
 */
public final class GgufVocabulary {
    private static final String KEYS = "tokenizer.ggml.";

    /** Special tokens by what Hugging Face's files call them, and the keys. */
    private static final Map<String, String> ROLES = Map.of(
            "bos", "bos_token_id",
            "eos", "eos_token_id",
            "unk", "unknown_token_id",
            "pad", "padding_token_id");

    /** Further ends of what a model generates. */
    private static final List<String> ENDS = List.of("eot_token_id", "eom_token_id");

    private final TokenizerJson json;
    private final JsonView document;
    private final GgufWriter out;

    private GgufVocabulary(TokenizerJson json, JsonView document, GgufWriter out) {
        this.json = json;
        this.document = document;
        this.out = out;
    }

    /**
     * Adds the keys; those that say that there is no tokenizer if the model has none.
     *
     * @param vocabSize ids of the model; those that no token has get placeholders
     * @throws ModelFormatException if the tokenizer is of another kind, or has what GGUF files of this kind can't tell
     */
    public static void write(Checkpoint checkpoint, int vocabSize, GgufWriter out) {
        if (Tokenizers.info(checkpoint).isEmpty()) {
            out.string(KEYS + "model", "none");
            return;
        }
        Path home = checkpoint.home().toAbsolutePath();
        Path file = (Files.isDirectory(home) ? home : home.resolveSibling("")).resolve("tokenizer.json");
        if (!Files.exists(file)) {
            throw new ModelFormatException(
                    checkpoint.path(), "as GGUF: the tokenizer is in another file, expected a tokenizer.json");
        }
        write(file, vocabSize, out);
    }

    /** The same of a {@code tokenizer.json} and what lies beside it. */
    static void write(Path file, int vocabSize, GgufWriter out) {
        JsonView document = TokenizerJson.document(file);
        TokenizerJson json = TokenizerJson.of(document);
        if (!json.kind().equals(PreTokenizers.BYTE_LEVEL)) {
            throw new ModelFormatException(
                    file,
                    "as GGUF: the tokenizer is of the kind %s, expected %s"
                            .formatted(json.kind(), PreTokenizers.BYTE_LEVEL));
        }
        if (json.size() > vocabSize) {
            throw new ModelFormatException(
                    file,
                    "the tokenizer has %d ids, expected at most the model's %d".formatted(json.size(), vocabSize));
        }
        new GgufVocabulary(json, document, out).write(file, vocabSize);
    }

    private void write(Path file, int vocabSize) {
        document.find("normalizer")
                .filter(normalizer -> !normalizer.type().equals("NFC"))
                .ifPresent(normalizer -> {
                    throw normalizer.error("normalizes texts, which GGUF files of byte pairs can't tell");
                });
        out.string(KEYS + "model", "gpt2").string(KEYS + "pre", PreTokenizerNames.of(document));
        tokens(vocabSize);
        out.strings(KEYS + "merges", merges());
        special(HfFiles.beside(file));
    }

    private void tokens(int vocabSize) {
        List<String> texts = new ArrayList<>(vocabSize);
        int[] kinds = new int[vocabSize];
        for (int id = 0; id < vocabSize; id++) {
            boolean isToken = id < json.size() && !json.text(id).isEmpty();
            texts.add(isToken ? json.text(id) : "[PAD" + id + "]");
            kinds[id] = (isToken ? kind(id) : TokenKind.UNUSED).inGguf();
        }
        out.strings(KEYS + "tokens", texts).int32s(KEYS + "token_type", kinds);
    }

    private TokenKind kind(int id) {
        if (json.isSpecial(id)) {
            return TokenKind.CONTROL;
        }
        return json.isAdded(id) ? TokenKind.USER_DEFINED : TokenKind.NORMAL;
    }

    /** The merges, each two tokens with a space between them. */
    private List<String> merges() {
        List<String> merges = new ArrayList<>();
        for (JsonView merge : document.get("model").get("merges").elements()) {
            List<String> parts = merge.value() instanceof String text
                    ? List.of(text.split(" ", -1))
                    : merge.elements().stream().map(JsonView::text).toList();
            if (parts.size() != 2 || parts.stream().anyMatch(part -> part.indexOf(' ') >= 0)) {
                throw merge.bad("two tokens without spaces");
            }
            merges.add(parts.getFirst() + " " + parts.getLast());
        }
        return merges;
    }

    private void special(HfFiles files) {
        HfSpecialTokens named = new HfSpecialTokens(files, json::find, json.size(), Map.of());
        SpecialTokens special =
                named.around(json.template().prefix(), json.template().suffix());
        ROLES.forEach((role, key) -> named.id(role).ifPresent(id -> out.uint32(KEYS + key, id)));
        adds("add_bos_token", special.prefix(), named.id("bos"));
        adds("add_eos_token", special.suffix(), named.id("eos"));
        TreeSet<Integer> ends = new TreeSet<>(special.ends());
        named.id("eos").ifPresent(ends::remove);
        if (ends.size() > ENDS.size()) {
            throw document.error("as GGUF: %d tokens end what the model generates, expected at most %d"
                    .formatted(ends.size() + 1, ENDS.size() + 1));
        }
        int next = 0;
        for (int end : ends) {
            out.uint32(KEYS + ENDS.get(next++), end);
        }
    }

    private void adds(String key, List<Integer> around, Optional<Integer> token) {
        if (!around.isEmpty() && !around.equals(token.map(List::of).orElse(List.of()))) {
            throw document.error(
                    "as GGUF: the tokens %s are put around texts, expected one that begins and one that ends a sequence; %s"
                            .formatted(around.stream().map(json::text).toList(), quote(key) + " tells no more"));
        }
        out.bool(KEYS + key, !around.isEmpty());
    }
}
