package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.attention4j.core.text.StreamingDecoder;
import org.attention4j.core.text.Utf8StreamingDecoder;
import org.attention4j.loaders.ModelFormatException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A checked {@code tokenizer.json} (format 1.0 of <a href="https://github.com/huggingface/tokenizers">tokenizers</a>): what is
 * needed here of it, and what the library that encodes is given.
 *
 * <p>The library ends the process where it meets something that it does not expect. So it gets nothing but a normalizer, a
 * pre-tokenizer and a model, whose parts that may trap it are checked; truncation, padding and dropout are left out, and the
 * post-processor and the decoder are read here.
 */
final class TokenizerJson {
    private static final long LARGEST_FILE = 1L << 28;
    private static final double STEPS_OF_GPT2 = 2;
    private static final int LONGEST_WORD = 10_000;
    private static final JsonMapper MAPPER = new JsonMapper();

    /**
     * A token beside the model's vocabulary or with a meaning of its own in it.
     *
     * @param special whether it is no text
     * @param whenRaw whether it is looked for in the text as it is, before normalization
     */
    record Added(int id, String content, boolean special, boolean whenRaw) {}

    private final JsonView document;
    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<Integer, Added> added = new LinkedHashMap<>();
    private final String[] texts;
    private final TokenSpelling spelling;
    private final TextTemplate template;
    private double stepsPerCharacter = STEPS_OF_GPT2;

    private TokenizerJson(JsonView document) {
        this.document = document;
        readVocabulary();
        int modelTokens = ids.size();
        readAdded(modelTokens);
        texts = textsById();
        checkModel();
        document.find("normalizer").ifPresent(this::checkStage);
        document.find("pre_tokenizer").ifPresent(this::checkStage);
        spelling = TokenSpelling.of(document.find("decoder"));
        template = TextTemplate.of(document.find("post_processor"));
        for (List<Integer> around : List.of(template.prefix(), template.suffix())) {
            around.forEach(id -> require(id, "post_processor"));
        }
    }

    /**
     * Reads and checks a file.
     *
     * @throws ModelFormatException if it is not a tokenizer or may trap the library
     */
    static TokenizerJson read(Path file) {
        return of(document(file));
    }

    /** A file as it is, to be checked by {@link #of}. */
    static JsonView document(Path file) {
        return JsonView.read(file, LARGEST_FILE);
    }

    /** Reads and checks all of a file but the merges, which are most of it: for what can be told without encoding. */
    static TokenizerJson readWithoutMerges(Path file) {
        return of(JsonView.readWithout(file, LARGEST_FILE, "model", "merges"));
    }

    /** The tokenizer in a document that was read. */
    static TokenizerJson of(JsonView document) {
        return new TokenizerJson(document);
    }

    private void readVocabulary() {
        JsonView vocabulary = document.get("model").get("vocab");
        if (vocabulary.value() instanceof List<?>) {
            int id = 0;
            for (JsonView piece : vocabulary.elements()) {
                List<JsonView> textAndScore = piece.elements();
                if (textAndScore.size() != 2 || textAndScore.getFirst().text().isEmpty()) {
                    throw piece.bad("a token and its score");
                }
                put(piece, textAndScore.getFirst().text(), id++);
            }
        } else {
            vocabulary.forEachMember((text, id) -> put(id, text, id.id()));
        }
    }

    private void put(JsonView where, String text, int id) {
        Integer other = ids.putIfAbsent(text, id);
        if (other != null) {
            throw where.error("is the token %s, which is also token %d".formatted(quote(text), other));
        }
    }

    /** Tokens that the model does not know get the next ids in order; the file must say the same. */
    private void readAdded(int modelTokens) {
        int highest = -1;
        for (JsonView token :
                document.find("added_tokens").map(JsonView::elements).orElse(List.of())) {
            String content = token.get("content").text();
            int stated = token.get("id").id();
            int next = highest >= modelTokens ? highest + 1 : modelTokens;
            int id = ids.computeIfAbsent(content, text -> next);
            if (content.isEmpty() || id != stated) {
                throw token.error(
                        "is %s with the id %d, but the vocabulary makes it %d".formatted(quote(content), stated, id));
            }
            highest = Math.max(highest, id);
            Added other = added.putIfAbsent(
                    id, new Added(id, content, token.flag("special", false), !token.flag("normalized", true)));
            if (other != null) {
                throw token.error("has the id %d, which %s has too".formatted(id, quote(other.content())));
            }
        }
    }

    private String[] textsById() {
        if (ids.isEmpty()) {
            throw document.get("model").get("vocab").error("has no tokens");
        }
        int highest = ids.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
        // Vocabularies have holes, but an id far above the number of tokens would only take up memory.
        if (highest > 8L * ids.size() + 65_536) {
            throw document.get("model")
                    .get("vocab")
                    .error("has %d tokens and the id %d".formatted(ids.size(), highest));
        }
        String[] byId = new String[highest + 1];
        Arrays.fill(byId, "");
        ids.forEach((text, id) -> byId[id] = text);
        return byId;
    }

    private void checkModel() {
        JsonView model = document.get("model");
        model.find("max_input_chars_per_word")
                .filter(longest -> longest.id() > LONGEST_WORD)
                .ifPresent(longest -> {
                    throw longest.bad("at most " + LONGEST_WORD);
                });
        String prefix =
                model.find("continuing_subword_prefix").map(JsonView::text).orElse("");
        if (prefix.isEmpty() || model.find("merges").isEmpty()) {
            return;
        }
        for (JsonView merge : model.get("merges").elements()) {
            String right = merge.value() instanceof String text
                    ? text.substring(text.indexOf(' ') + 1)
                    : merge.elements().stream().map(JsonView::text).reduce("", (first, second) -> second);
            if (!right.startsWith(prefix)) {
                throw merge.bad("a token and one that starts with " + quote(prefix));
            }
        }
    }

    /** Looks through a normalizer or pre-tokenizer for what may trap the library. */
    private void checkStage(JsonView stage) {
        switch (stage.value()) {
            case List<?> list -> stage.elements().forEach(this::checkStage);
            case Map<?, ?> map ->
                stage.members().forEach((key, member) -> {
                    switch (key) {
                        case "Regex" -> stepsPerCharacter = Math.max(stepsPerCharacter, PatternGuard.check(member));
                        case "precompiled_charsmap" -> CharsMap.of(member);
                        default -> checkStage(member);
                    }
                });
            default -> {}
        }
    }

    private void require(int id, String what) {
        if (id >= texts.length || texts[id].isEmpty()) {
            throw document.get(what).error("names the token %d, which the vocabulary does not have".formatted(id));
        }
    }

    /** What the library is given; without special tokens, their names are text to it. */
    String forLibrary(boolean withSpecial) {
        Map<String, Object> kept = new LinkedHashMap<>();
        kept.put("version", "1.0");
        List<Object> tokens = document.find("added_tokens").map(JsonView::elements).orElse(List.of()).stream()
                .filter(token -> withSpecial || !token.flag("special", false))
                .map(JsonView::value)
                .toList();
        kept.put("added_tokens", tokens);
        for (String stage : List.of("normalizer", "pre_tokenizer")) {
            document.find(stage).ifPresent(view -> kept.put(stage, view.value()));
        }
        Map<String, Object> model = new LinkedHashMap<>();
        document.get("model").members().forEach((key, member) -> model.put(key, member.value()));
        model.remove("dropout");
        kept.put("model", model);
        String json = MAPPER.writeValueAsString(kept);
        if (!Unicode.isWellFormed(json)) {
            throw document.error("holds surrogates that are not part of a pair");
        }
        return json;
    }

    /** The most characters that the library can take without a risk that it gives up. */
    int longestText() {
        return (int) (PatternGuard.MOST_STEPS / stepsPerCharacter);
    }

    /** The kind of its model, for people. */
    String kind() {
        String type = document.get("model").find("type").map(JsonView::text).orElse("BPE");
        return switch (type) {
            case "BPE" -> spelling.isByteLevel() ? PreTokenizers.BYTE_LEVEL : PreTokenizers.CHARACTERS;
            case "WordPiece" -> WordPieceJson.KIND;
            case "Unigram" -> UnigramTokenizer.KIND;
            default -> type;
        };
    }

    /** The number of ids. */
    int size() {
        return texts.length;
    }

    /** A token's text; empty for an id that no token has. */
    String text(int id) {
        return texts[id];
    }

    /** The id of a token. */
    Optional<Integer> find(String text) {
        return Optional.ofNullable(ids.get(text));
    }

    /** The tokens that are looked for in a text before it is cut into words. */
    Collection<Added> added() {
        return added.values();
    }

    /** Whether a token is no text. */
    boolean isSpecial(int id) {
        return added.containsKey(id) && added.get(id).special();
    }

    /** Whether a token is looked for in a text before it is cut into words. */
    boolean isAdded(int id) {
        return added.containsKey(id);
    }

    /** The bytes that a token stands for; those of its name for a special one. */
    byte[] bytes(int id) {
        return added.containsKey(id) ? spelling.addedBytes(texts[id]) : spelling.bytes(texts[id]);
    }

    /** A decoder at the start of a text. */
    StreamingDecoder newDecoder(IntFunction<byte[]> tokenBytes) {
        StreamingDecoder decoder = new Utf8StreamingDecoder(tokenBytes, spelling.dropsFirstSpace());
        return spelling.closesApostrophes() ? new ApostropheDecoder(decoder) : decoder;
    }

    /** What is put around a text. */
    TextTemplate template() {
        return template;
    }
}
