package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.core.text.StreamingDecoder;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.core.text.Utf8StreamingDecoder;
import org.attention4j.loaders.tokenizer.TokenMatcher.Match;

/**
 * What tokenizers over a {@link Vocabulary} share: some tokens are cut out of the text, what is between them is encoded by the
 * subclass, and every token stands for bytes.
 */
abstract class VocabularyTokenizer implements Tokenizer {
    private static final byte[] NOTHING = {};

    private final Vocabulary vocabulary;
    private final SpecialTokens special;
    private final Cuts cuts;
    private final TokenMatcher inAnyText;
    private final TokenMatcher inAnyTextAndSpecial;

    VocabularyTokenizer(Vocabulary vocabulary, Cuts cuts, SpecialTokens special) {
        this.vocabulary = vocabulary;
        this.special = special;
        this.cuts = cuts;
        this.inAnyText = new TokenMatcher(vocabulary, cuts.inAnyText());
        this.inAnyTextAndSpecial = new TokenMatcher(
                vocabulary,
                id -> cuts.inAnyText().test(id) || vocabulary.kind(id).isSpecial());
    }

    /** Encodes text without the tokens that were cut out; {@code first} at the start of a text. */
    abstract void encodeText(String text, boolean first, IntConsumer ids);

    /** The bytes of a token that is neither special nor cut out of any text. */
    abstract byte[] textBytes(int id);

    /** Whether decoding leaves out a space at the very start. */
    abstract boolean dropsFirstSpace();

    final Vocabulary vocabulary() {
        return vocabulary;
    }

    @Override
    public final int vocabSize() {
        return vocabulary.size();
    }

    @Override
    public final int[] encode(String text, EncodeOptions options) {
        String wellFormed = Unicode.wellFormed(text);
        TokenMatcher matcher = options.parseSpecial() ? inAnyTextAndSpecial : inAnyText;
        IntStream.Builder ids = IntStream.builder();
        if (options.addSpecial()) {
            special.prefix().forEach(ids::add);
        }
        boolean first = true;
        for (int start = 0; start < wellFormed.length(); ) {
            Optional<Match> match = matcher.find(wellFormed, start);
            int end = match.map(Match::start).orElse(wellFormed.length());
            if (end > start) {
                encodeText(wellFormed.substring(start, end), first, ids);
            }
            match.ifPresent(token -> ids.add(token.id()));
            first = cuts.startBehind() && match.isPresent();
            start = match.map(Match::end).orElse(wellFormed.length());
        }
        if (options.addSpecial()) {
            special.suffix().forEach(ids::add);
        }
        return ids.build().toArray();
    }

    @Override
    public final StreamingDecoder newDecoder(boolean skipSpecial) {
        IntFunction<byte[]> shown = skipSpecial ? id -> isSpecial(id) ? NOTHING : tokenBytes(id) : this::tokenBytes;
        return new Utf8StreamingDecoder(shown, dropsFirstSpace());
    }

    @Override
    public final OptionalInt bosId() {
        return special.bos();
    }

    @Override
    public final Set<Integer> endIds() {
        return special.ends();
    }

    @Override
    public final boolean isSpecial(int id) {
        return vocabulary.kind(Objects.checkIndex(id, vocabSize())).isSpecial();
    }

    @Override
    public final String tokenText(int id) {
        return vocabulary.text(Objects.checkIndex(id, vocabSize()));
    }

    @Override
    public final byte[] tokenBytes(int id) {
        boolean byName = isSpecial(id) || cuts.inAnyText().test(id);
        return byName ? vocabulary.text(id).getBytes(UTF_8) : textBytes(id);
    }
}
