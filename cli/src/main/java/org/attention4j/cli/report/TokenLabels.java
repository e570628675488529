package org.attention4j.cli.report;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.attention4j.ModelFiles;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.loaders.ModelFormatException;

/** Tokens as people read them: their text, where that is whole characters; without a tokenizer their numbers. */
public final class TokenLabels {
    private TokenLabels() {}

    /** A label for each token. */
    public static List<String> of(ModelFiles files, int... tokens) {
        return IntStream.of(tokens).mapToObj(labels(files)::apply).toList();
    }

    /** Tells a token's label. */
    @FunctionalInterface
    private interface Labels {
        String apply(int token);
    }

    private static Labels labels(ModelFiles files) {
        try {
            Tokenizer tokenizer = files.tokenizer();
            return id -> label(tokenizer, id);
        } catch (ModelFormatException e) {
            return Integer::toString;
        }
    }

    private static String label(Tokenizer tokenizer, int id) {
        if (id >= tokenizer.vocabSize()) {
            return Integer.toString(id);
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(tokenizer.tokenBytes(id)))
                    .toString();
            return text.isEmpty() ? tokenizer.tokenText(id) : text;
        } catch (CharacterCodingException e) {
            return tokenizer.tokenText(id);
        }
    }
}
