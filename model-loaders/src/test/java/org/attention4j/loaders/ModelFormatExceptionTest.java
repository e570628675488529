package org.attention4j.loaders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ModelFormatExceptionTest {
    @Test
    void isOneLineWhateverTheFileHolds() {
        ModelFormatException e = new ModelFormatException(Path.of("f"), "a\r\nb\u0085c\u2028d\u001b[31m");
        assertEquals("f: a\\u000d\\u000ab\\u0085c\\u2028d\\u001b[31m", e.getMessage());
    }

    @Test
    void isOfBoundedLength() {
        ModelFormatException e = new ModelFormatException(Path.of("f"), "x".repeat(5000));
        assertEquals(1001, String.valueOf(e.getMessage()).length());
        assertTrue(String.valueOf(new ModelFormatException(Path.of("f"), "\n".repeat(5000)).getMessage())
                        .length()
                <= 1001);
        assertEquals(83, ModelFormatException.quote("x".repeat(5000)).length());
    }
}
