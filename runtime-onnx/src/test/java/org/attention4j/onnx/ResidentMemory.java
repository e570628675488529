package org.attention4j.onnx;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The process's resident memory. */
final class ResidentMemory {
    private ResidentMemory() {}

    /** Skips the test where the operating system does not tell. */
    static long bytes() {
        Path status = Path.of("/proc/self/status");
        assumeTrue(Files.exists(status), "resident memory is read from /proc, which is not there");
        try {
            String line = Files.readAllLines(status).stream()
                    .filter(l -> l.startsWith("VmRSS:"))
                    .findFirst()
                    .orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
