package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.attention4j.loaders.BadInput.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.attention4j.core.text.Tokenizer;
import org.attention4j.loaders.BadInput;
import org.attention4j.loaders.io.LittleEndianBuffer;
import org.junit.jupiter.api.Test;

class Llama2cTokenizersTest {
    private static final Path NAME = Path.of("tok.bin");

    private static Tokenizer read(byte[] bytes) {
        return Llama2cTokenizers.of(NAME, MemorySegment.ofArray(bytes));
    }

    private static byte[] file(String... pieces) {
        LittleEndianBuffer out = new LittleEndianBuffer().i32(20);
        token(out, 0, "<unk>");
        token(out, 0, "\n<s>\n");
        token(out, 0, "\n</s>\n");
        for (int b = 0; b < 256; b++) {
            token(out, 0, "<0x%02X>".formatted(b));
        }
        for (int i = 0; i < pieces.length; i++) {
            token(out, -i, pieces[i]);
        }
        return out.toByteArray();
    }

    private static void token(LittleEndianBuffer out, float score, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        out.f32(score).i32(bytes.length).bytes(bytes);
    }

    @Test
    void readsWhatLlama2cWrites() {
        Tokenizer tokenizer = read(file(" a", "bc", " ", "a", "b", "c"));
        assertEquals(265, tokenizer.vocabSize());
        assertArrayEquals(new int[] {1, 259, 260}, tokenizer.encode("abc", true));
        assertEquals("abc", tokenizer.decode(1, 259, 260));
        assertEquals("</s>", tokenizer.tokenText(2));
        assertEquals(OptionalInt.of(1), tokenizer.bosId());
        assertEquals(Set.of(1, 2), tokenizer.endIds());
    }

    @Test
    void refusesBrokenFiles() {
        byte[] valid = file("a");
        assertRefused(() -> read(new byte[3]), "tok.bin", "truncated");
        assertRefused(() -> read(Arrays.copyOf(valid, valid.length - 1)), "truncated");
        assertRefused(() -> read(Arrays.copyOf(valid, 100)), "tok.bin");
        assertRefused(() -> read(Arrays.copyOf(valid, valid.length + 3)), "3 more bytes");
        assertRefused(() -> read(file("a", "a")), "tokens 259 and 260");
        assertRefused(() -> read(file("a token of more bytes than the longest")), "token 259", "38 bytes", "0 to 20");
        LittleEndianBuffer nan = new LittleEndianBuffer().bytes(valid);
        token(nan, Float.NaN, "b");
        assertRefused(() -> read(nan.toByteArray()), "token 260", "NaN");
    }

    @Test
    void brokenBitsAreReadOrRefused() {
        byte[] valid = file(" a", "bc");
        Random random = new Random(4);
        for (int round = 0; round < 500; round++) {
            byte[] mutated = valid.clone();
            mutated[random.nextInt(mutated.length)] ^= (byte) (1 << random.nextInt(8));
            BadInput.assertReadOrRefused(() -> read(mutated).encode("a bc d", true));
        }
    }
}
