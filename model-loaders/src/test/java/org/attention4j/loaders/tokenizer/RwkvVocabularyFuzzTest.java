package org.attention4j.loaders.tokenizer;

import static org.attention4j.loaders.BadInput.assertReadOrRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.attention4j.core.text.Tokenizer;

/** Any bytes are a vocabulary of RWKV that encodes, or refused with one line. */
class RwkvVocabularyFuzzTest {
    private static final List<String> TEXTS = List.of("", "ab é\n", "a".repeat(2000));

    @FuzzTest
    void encodesOrRefuses(byte[] bytes) {
        assertReadOrRefused(() -> use(RwkvTokenizers.of(Path.of("rwkv_vocab.txt"), MemorySegment.ofArray(bytes))));
    }

    private static void use(Tokenizer tokenizer) {
        for (String text : TEXTS) {
            int[] ids;
            try {
                ids = tokenizer.encode(text, true);
            } catch (IllegalArgumentException e) {
                // The vocabulary lacks a byte of the text.
                continue;
            }
            assertEquals(text, tokenizer.decode(ids));
        }
    }
}
