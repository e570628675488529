package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.loaders.ModelFormatException;

/** Tokenizers from the files that SentencePiece trains, with the special tokens that the files beside them name. */
final class SentencePieceTokenizers {
    private SentencePieceTokenizers() {}

    /**
     * The tokenizer of a model.
     *
     * @throws ModelFormatException if the bytes are not one, or a file beside it is broken
     */
    static Tokenizer of(Path file, MemorySegment bytes, HfFiles files) {
        SentencePieceModel model = SentencePieceModel.of(file, bytes);
        HfAddedTokens added = HfAddedTokens.of(file, model.texts(), model.kinds(), files);
        Vocabulary vocabulary = added.vocabulary();
        Cuts cuts = added.cuts(files.flag("legacy").orElse(true));
        int unknown = model.kinds().indexOf(TokenKind.UNKNOWN);
        ByteTrie userDefined = new ByteTrie(
                vocabulary.ids().filter(id -> vocabulary.kind(id) == TokenKind.USER_DEFINED),
                id -> vocabulary.text(id).getBytes(UTF_8));
        SentencePieces pieces = new SentencePieces(
                vocabulary,
                Arrays.copyOf(model.scores(), vocabulary.size()),
                new SentencePieceNormalizer(model.rules(), userDefined, model.spaces()),
                new ByteFallback(vocabulary, unknown));
        SpecialTokens special = special(model, vocabulary, files);
        return switch (model.algorithm()) {
            case UNIGRAM -> new UnigramTokenizer(pieces, cuts, special, true);
            case BPE -> new SpmTokenizer(pieces, cuts, special);
        };
    }

    /** What is around a text, which is known of the models' classes and, where those are not named, of the kinds of models. */
    private static SpecialTokens special(SentencePieceModel model, Vocabulary vocabulary, HfFiles files) {
        Map<String, Integer> defaults = new HashMap<>();
        id(vocabulary, model.bos()).ifPresent(id -> defaults.put("bos", id));
        id(vocabulary, model.eos()).ifPresent(id -> defaults.put("eos", id));
        HfSpecialTokens found = new HfSpecialTokens(files, text -> id(vocabulary, text), vocabulary.size(), defaults);
        String family = files.text("tokenizer_class")
                .or(() ->
                        files.config().flatMap(view -> view.find("model_type")).map(JsonView::text))
                .orElse("")
                .toLowerCase(Locale.ROOT);
        if (Stream.of("albert", "big_bird", "bigbird", "rembert", "fnet", "deberta")
                .anyMatch(family::contains)) {
            return found.around(list(found.id("cls")), list(found.id("sep")));
        }
        if (Stream.of("t5", "pegasus").anyMatch(family::contains)) {
            return found.around(List.of(), list(found.id("eos")));
        }
        boolean begins = model.algorithm() == SentencePieceModel.Algorithm.BPE;
        return found.around(begins ? list(found.id("bos")) : List.of(), List.of());
    }

    private static Optional<Integer> id(Vocabulary vocabulary, String text) {
        return Optional.of(vocabulary.find(text)).filter(id -> id != Vocabulary.NONE);
    }

    private static List<Integer> list(Optional<Integer> id) {
        return id.map(List::of).orElse(List.of());
    }
}
