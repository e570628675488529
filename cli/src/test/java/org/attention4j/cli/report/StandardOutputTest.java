package org.attention4j.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StandardOutputTest {
    @Test
    void aFullDiskIsAFailure() {
        assertEquals(Optional.of("No space left on device"), failureOf(failing("No space left on device")));
    }

    @Test
    void aReaderThatHasEnoughIsNone() {
        assertEquals(Optional.empty(), failureOf(failing("Broken pipe")));
    }

    @Test
    void whatIsWrittenArrives() {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        assertEquals(Optional.empty(), failureOf(to));
        assertEquals("text", to.toString(StandardCharsets.UTF_8));
    }

    private static Optional<String> failureOf(OutputStream to) {
        StandardOutput out = new StandardOutput(to);
        try (PrintWriter writer = new PrintWriter(out, false, StandardCharsets.UTF_8)) {
            writer.print("text");
        }
        return out.failure();
    }

    private static OutputStream failing(String reason) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(reason);
            }
        };
    }
}
