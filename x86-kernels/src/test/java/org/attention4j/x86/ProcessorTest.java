package org.attention4j.x86;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Linux lists the same processor's features. */
final class ProcessorTest {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    @Test
    void agreesWithTheSystem() throws IOException {
        assumeTrue(Files.isReadable(CPU_INFO), "there is no /proc/cpuinfo");
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "the processor is no x86-64");
        Set<String> flags = Files.readAllLines(CPU_INFO).stream()
                .filter(line -> line.startsWith("flags"))
                .findFirst()
                .map(line -> Set.of(line.substring(line.indexOf(':') + 1).trim().split(" ")))
                .orElseThrow();
        Processor processor = Processor.current();
        assertEquals(
                flags.containsAll(List.of("avx512f", "avx512bw", "avx512vl", "avx512_vnni")),
                processor.missing().isEmpty());
        // The system may refuse a process what the processor has.
        assertTrue(!processor.hasTiles() || flags.containsAll(List.of("amx_tile", "amx_int8")), "tiles without AMX");
    }
}
