package org.attention4j.core.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8StreamingDecoderTest {
    private static List<String> stream(byte[][] tokens, boolean dropsFirstSpace) {
        Utf8StreamingDecoder decoder = new Utf8StreamingDecoder(id -> tokens[id], dropsFirstSpace);
        List<String> pieces = new ArrayList<>();
        for (int id = 0; id < tokens.length; id++) {
            pieces.add(decoder.push(id));
        }
        pieces.add(decoder.flush());
        return pieces;
    }

    private static byte[][] singleBytes(byte[] text) {
        byte[][] tokens = new byte[text.length][];
        for (int i = 0; i < text.length; i++) {
            tokens[i] = new byte[] {text[i]};
        }
        return tokens;
    }

    @Test
    void returnsACharacterWithItsLastByte() {
        assertEquals(List.of("a", "", "é", "", "", "", "😀", ""), stream(singleBytes("aé😀".getBytes(UTF_8)), false));
    }

    @Test
    void replacesBytesThatNeverBecomeACharacter() {
        byte[][] tokens = {{'a', (byte) 0xf0, (byte) 0x9f}, {(byte) 0x98}};
        assertEquals(List.of("a", "", "\ufffd"), stream(tokens, false));
    }

    @Test
    void replacesTheBeginningOfACharacterWhenAnotherBegins() {
        byte[][] tokens = {{(byte) 0xe4}, {(byte) 0xbd}, {'b'}};
        assertEquals(List.of("", "", "\ufffdb", ""), stream(tokens, false));
    }

    @Test
    void dropsOneSpaceAtTheStartOnly() {
        byte[][] tokens = {{}, "  x".getBytes(UTF_8), " y".getBytes(UTF_8)};
        assertEquals(" x y", String.join("", stream(tokens, true)));
        assertEquals("  x y", String.join("", stream(tokens, false)));
    }

    @Test
    void aDecoderCanBeUsedAgainAfterFlush() {
        byte[][] tokens = {{(byte) 0xc3}, {(byte) 0xa9}};
        Utf8StreamingDecoder decoder = new Utf8StreamingDecoder(id -> tokens[id], false);
        assertEquals("", decoder.push(0));
        assertEquals("\ufffd", decoder.flush());
        assertEquals("", decoder.push(0));
        assertEquals("é", decoder.push(1));
    }

    @Test
    void piecesJoinToTheDecodedWholeForAnyBytes() {
        Random random = new Random(7);
        byte[] interesting = {
            'a', ' ', (byte) 0x80, (byte) 0xbf, (byte) 0xc3, (byte) 0xe2, (byte) 0x96, (byte) 0x81, -16, -97, -1
        };
        for (int round = 0; round < 2000; round++) {
            byte[] text = new byte[random.nextInt(24)];
            for (int i = 0; i < text.length; i++) {
                text[i] = interesting[random.nextInt(interesting.length)];
            }
            List<byte[]> tokens = new ArrayList<>();
            for (int start = 0; start < text.length; ) {
                int end = Math.min(text.length, start + random.nextInt(4));
                tokens.add(Arrays.copyOfRange(text, start, end));
                start = end;
            }
            List<String> pieces = stream(tokens.toArray(byte[][]::new), false);
            assertEquals(new String(text, UTF_8), String.join("", pieces));
            for (String piece : pieces) {
                assertTrue(piece.isEmpty() || !Character.isLowSurrogate(piece.charAt(0)), "split pair");
            }
        }
    }
}
