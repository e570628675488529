package org.attention4j.loaders.tokenizer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.core.text.StreamingDecoder;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.loaders.tokenizer.TokenizerJson.Added;

/** The tokenizer of a {@code tokenizer.json}: Hugging Face's library encodes, decoding is done here. */
final class JsonTokenizer implements Tokenizer {
    private static final byte[] NOTHING = {};

    private final Path file;
    private final TokenizerJson json;
    private final SpecialTokens special;
    private final NativeTokenizer readsSpecial;
    private final boolean allWhenRaw;
    private final List<String> specialNames = new ArrayList<>();
    private Optional<NativeTokenizer> readsText = Optional.empty();
    private boolean closed;

    JsonTokenizer(Path file, TokenizerJson json, SpecialTokens special) {
        this.file = file;
        this.json = json;
        this.special = special;
        boolean raw = true;
        for (Added token : json.added()) {
            if (token.special()) {
                specialNames.add(token.content());
                raw &= token.whenRaw();
            }
        }
        this.allWhenRaw = raw;
        this.readsSpecial = NativeTokenizer.of(file, json.forLibrary(true));
    }

    @Override
    public String kind() {
        return json.kind();
    }

    @Override
    public int vocabSize() {
        return json.size();
    }

    @Override
    public int[] encode(String text, EncodeOptions options) {
        if (text.length() > json.longestText()) {
            throw new IllegalArgumentException("encode: the text has %d characters, expected at most %d"
                    .formatted(text.length(), json.longestText()));
        }
        String wellFormed = Unicode.wellFormed(text);
        NativeTokenizer encoder = options.parseSpecial() || !mayNameSpecial(wellFormed) ? readsSpecial : readsText();
        IntStream ids = LongStream.of(encoder.encode(wellFormed)).mapToInt(Math::toIntExact);
        if (!options.addSpecial()) {
            return ids.toArray();
        }
        IntStream prefix = special.prefix().stream().mapToInt(Integer::intValue);
        IntStream suffix = special.suffix().stream().mapToInt(Integer::intValue);
        return IntStream.concat(IntStream.concat(prefix, ids), suffix).toArray();
    }

    /** Whether a special token may be found in the text; a second encoder is only made if one may. */
    private boolean mayNameSpecial(String text) {
        return !allWhenRaw || specialNames.stream().anyMatch(text::contains);
    }

    private synchronized NativeTokenizer readsText() {
        if (closed) {
            throw new IllegalStateException("encode: the tokenizer is closed");
        }
        if (readsText.isEmpty()) {
            readsText = Optional.of(NativeTokenizer.of(file, json.forLibrary(false)));
        }
        return readsText.get();
    }

    @Override
    public StreamingDecoder newDecoder(boolean skipSpecial) {
        IntFunction<byte[]> shown = skipSpecial ? id -> isSpecial(id) ? NOTHING : tokenBytes(id) : this::tokenBytes;
        return json.newDecoder(shown);
    }

    @Override
    public OptionalInt bosId() {
        return special.bos();
    }

    @Override
    public Set<Integer> endIds() {
        return special.ends();
    }

    @Override
    public boolean isSpecial(int id) {
        return json.isSpecial(Objects.checkIndex(id, vocabSize()));
    }

    @Override
    public String tokenText(int id) {
        return json.text(Objects.checkIndex(id, vocabSize()));
    }

    @Override
    public byte[] tokenBytes(int id) {
        return json.bytes(Objects.checkIndex(id, vocabSize()));
    }

    @Override
    public synchronized void close() {
        closed = true;
        readsSpecial.close();
        readsText.ifPresent(NativeTokenizer::close);
    }
}
