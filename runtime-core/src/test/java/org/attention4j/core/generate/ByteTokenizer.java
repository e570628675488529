package org.attention4j.core.generate;

import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.core.text.StreamingDecoder;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.core.text.Utf8StreamingDecoder;

/** One token for each byte; 0 ends a text. */
final class ByteTokenizer implements Tokenizer {
    @Override
    public int vocabSize() {
        return 256;
    }

    @Override
    public int[] encode(String text, EncodeOptions options) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xff).toArray();
    }

    @Override
    public StreamingDecoder newDecoder(boolean skipSpecial) {
        return new Utf8StreamingDecoder(this::tokenBytes, false);
    }

    @Override
    public OptionalInt bosId() {
        return OptionalInt.empty();
    }

    @Override
    public Set<Integer> endIds() {
        return Set.of(0);
    }

    @Override
    public boolean isSpecial(int id) {
        return id == 0;
    }

    @Override
    public String tokenText(int id) {
        return Integer.toString(id);
    }

    @Override
    public byte[] tokenBytes(int id) {
        return new byte[] {(byte) id};
    }
}
