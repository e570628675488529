package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.BadInput.assertReadOrRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.core.text.Tokenizer;

/** Any bytes are a model of SentencePiece that encodes, or refused with one line. */
class SentencePieceFuzzTest {
    private static final Path NAME = Path.of("tokenizer.model");
    private static final HfFiles NO_FILES = new HfFiles(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    private static final List<String> TEXTS = List.of("", " a b<s>ab é ", " ".repeat(2000) + "ax", "a".repeat(2000));

    @FuzzTest
    void encodesOrRefuses(byte[] bytes) {
        assertReadOrRefused(() -> use(SentencePieceTokenizers.of(NAME, MemorySegment.ofArray(bytes), NO_FILES)));
    }

    private static void use(Tokenizer tokenizer) {
        for (String text : TEXTS) {
            int[] ids = tokenizer.encode(text, EncodeOptions.TEMPLATE);
            assertEquals(tokenizer.decode(ids), TokenizerSamples.stream(tokenizer.newDecoder(), ids));
        }
    }
}
