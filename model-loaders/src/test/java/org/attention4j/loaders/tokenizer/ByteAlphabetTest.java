package org.attention4j.loaders.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ByteAlphabetTest {
    @Test
    void everyByteHasItsOwnPrintableCharacter() {
        Set<Character> seen = new HashSet<>();
        for (int b = 0; b < 256; b++) {
            char c = ByteAlphabet.character(b);
            assertTrue(seen.add(c), "byte " + b);
            assertTrue(
                    !Character.isISOControl(c) && !Character.isWhitespace(c) && !Character.isSpaceChar(c), "byte " + b);
            assertArrayEquals(
                    new byte[] {(byte) b}, ByteAlphabet.bytes(String.valueOf(c)).orElseThrow());
        }
    }

    @Test
    void spellsAsTheModelsDo() {
        assertEquals("ĠHelloĊ", ByteAlphabet.spell(" Hello\n"));
        assertEquals("Ã©ðŁĺĢ", ByteAlphabet.spell("é😀"));
    }

    @Test
    void knowsCharactersThatStandForNoByte() {
        assertEquals(Optional.empty(), ByteAlphabet.bytes("a b"));
        assertEquals(Optional.empty(), ByteAlphabet.bytes("中"));
    }
}
