package org.attention4j.loaders.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class PythonLiteralTest {
    private static void assertStandsFor(String text, String literal) {
        assertArrayEquals(text.getBytes(UTF_8), PythonLiteral.parse(literal), literal);
    }

    @Test
    void readsStrings() {
        assertStandsFor("a b", "'a b'");
        assertStandsFor("it's", "\"it's\"");
        assertStandsFor("\t\n\r\\'\"", "'\\t\\n\\r\\\\\\'\\\"'");
        assertStandsFor("\u0001é中😀", "'\\x01\\xe9\\u4e2d\\U0001f600'");
        assertStandsFor("é中😀", "'é中😀'");
        assertStandsFor("", "''");
    }

    @Test
    void readsBytes() {
        assertArrayEquals(new byte[] {(byte) 0xff, 'a', '\n'}, PythonLiteral.parse("b'\\xffa\\n'"));
        assertArrayEquals(new byte[] {(byte) 0xff, '\'', '"'}, PythonLiteral.unescape("\\xff'\""));
    }

    @Test
    void writesWhatItReads() {
        byte[] all = new byte[256];
        for (int b = 0; b < all.length; b++) {
            all[b] = (byte) b;
        }
        assertArrayEquals(all, PythonLiteral.unescape(PythonLiteral.escape(all)));
        assertEquals("\\x00a\\n\\\\'\\xff", PythonLiteral.escape(new byte[] {0, 'a', '\n', '\\', '\'', -1}));
    }

    @Test
    void refusesWhatIsNoLiteral() {
        for (String literal : List.of(
                "",
                "a",
                "'",
                "b",
                "b'",
                "'a\"",
                "'a'b'",
                "'\\q'",
                "'\\'",
                "'\\x1'",
                "'\\u12'",
                "'\\U00110000'",
                "'\\ud800'",
                "'\\xg0'",
                "'\\x+1'")) {
            assertThrows(IllegalArgumentException.class, () -> PythonLiteral.parse(literal), literal);
        }
    }
}
