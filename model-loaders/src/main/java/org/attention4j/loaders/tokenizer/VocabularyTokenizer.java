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
 * What tokenizers over a {@link Vocabulary} share: special and user-defined tokens are found first, the text between them is
 * encoded by the subclass, and every token stands for bytes.
 */
abstract class VocabularyTokenizer implements Tokenizer {
    private static final byte[] NOTHING = {};

    private final Vocabulary vocabulary;
    private final SpecialTokens special;
    private final TokenMatcher userDefined;
    private final TokenMatcher userDefinedAndSpecial;

    VocabularyTokenizer(Vocabulary vocabulary, SpecialTokens special) {
        this.vocabulary = vocabulary;
        this.special = special;
        this.userDefined = new TokenMatcher(vocabulary, id -> vocabulary.kind(id) == TokenKind.USER_DEFINED);
        this.userDefinedAndSpecial = new TokenMatcher(
                vocabulary,
                id -> vocabulary.kind(id) == TokenKind.USER_DEFINED
                        || vocabulary.kind(id).isSpecial());
    }

    /** Encodes text without special tokens; {@code first} at the start of a sequence and behind such a token. */
    abstract void encodeText(String text, boolean first, IntConsumer ids);

    /** The bytes of a token that is neither special nor user-defined. */
    abstract byte[] textBytes(int id);

    /** Whether encoding puts a space before the text. */
    abstract boolean addsSpace();

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
        TokenMatcher matcher = options.parseSpecial() ? userDefinedAndSpecial : userDefined;
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
            first = match.isPresent();
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
        return new Utf8StreamingDecoder(shown, addsSpace());
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
        boolean byName = isSpecial(id) || vocabulary.kind(id) == TokenKind.USER_DEFINED;
        return byName ? vocabulary.text(id).getBytes(UTF_8) : textBytes(id);
    }
}
