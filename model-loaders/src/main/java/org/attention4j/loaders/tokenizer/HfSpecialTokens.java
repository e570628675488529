package org.attention4j.loaders.tokenizer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.attention4j.loaders.ModelFormatException;

/** The special tokens of a Hugging Face model, from the files beside its tokenizer. */
final class HfSpecialTokens {
    private final HfFiles files;
    private final Function<String, Optional<Integer>> find;
    private final int size;
    private final Map<String, Integer> defaults;

    /**
     * Looks for the tokens of a vocabulary.
     *
     * @param find the id of a token's text, if it is one
     * @param size the number of ids
     * @param defaults the ids of tokens such as {@code bos} where the files name none
     */
    HfSpecialTokens(HfFiles files, Function<String, Optional<Integer>> find, int size, Map<String, Integer> defaults) {
        this.files = files;
        this.find = find;
        this.size = size;
        this.defaults = Map.copyOf(defaults);
    }

    /**
     * The special tokens, and what is around a text unless {@code add_bos_token} and {@code add_eos_token} say otherwise.
     *
     * @throws ModelFormatException if one of the files is broken
     */
    SpecialTokens around(List<Integer> prefix, List<Integer> suffix) {
        Optional<Integer> bos = id("bos");
        Optional<Integer> eos = id("eos");
        Set<Integer> ends = new HashSet<>();
        eos.ifPresent(ends::add);
        ends.addAll(ids(files.generationConfig(), "eos"));
        ends.addAll(ids(files.config(), "eos"));
        ends.addAll(ids(files.genaiConfig(), "eos"));

        List<Integer> before = new ArrayList<>(prefix);
        List<Integer> behind = new ArrayList<>(suffix);
        adjust(before, bos, "add_bos_token");
        adjust(behind.reversed(), eos, "add_eos_token");
        return new SpecialTokens(before, behind, bos.map(OptionalInt::of).orElse(OptionalInt.empty()), ends);
    }

    /** The id of a named token such as {@code cls}, where the name is in the vocabulary, or the first id that a file gives. */
    Optional<Integer> id(String which) {
        return files.name(which + "_token")
                .flatMap(find)
                .or(() -> ids(files.generationConfig(), which).stream().findFirst())
                .or(() -> ids(files.config(), which).stream().findFirst())
                .or(() -> ids(files.genaiConfig(), which).stream().findFirst())
                .or(() -> Optional.ofNullable(defaults.get(which)));
    }

    /** Puts the token first or takes it from there if the tokenizer's configuration says so and the template does otherwise. */
    private void adjust(List<Integer> around, Optional<Integer> token, String flag) {
        Optional<Boolean> wanted = files.flag(flag);
        if (token.isEmpty() || wanted.isEmpty()) {
            return;
        }
        boolean has = !around.isEmpty() && around.getFirst().equals(token.get());
        if (wanted.get() && !has) {
            around.addFirst(token.get());
        } else if (!wanted.get() && has) {
            around.removeFirst();
        }
    }

    /** Ids are one or a list; those that the vocabulary lacks can't occur and are left out. */
    private List<Integer> ids(Optional<JsonView> view, String which) {
        Optional<JsonView> value = view.flatMap(v -> v.find(which + "_token_id"));
        List<JsonView> views = value.map(v -> v.value() instanceof List ? v.elements() : List.of(v))
                .orElse(List.of());
        return views.stream()
                .filter(v -> !v.value().equals(-1L))
                .map(JsonView::id)
                .filter(id -> id < size)
                .toList();
    }
}
