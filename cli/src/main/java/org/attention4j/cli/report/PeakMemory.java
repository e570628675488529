package org.attention4j.cli.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** The most memory that this process has had resident. */
public final class PeakMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String KEY = "VmHWM:";

    private PeakMemory() {}

    /** In bytes; empty where the operating system does not tell (it is Linux that does). */
    public static OptionalLong bytes() {
        if (!Files.isReadable(STATUS)) {
            return OptionalLong.empty();
        }
        try {
            return parse(Files.readAllLines(STATUS));
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    static OptionalLong parse(List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith(KEY) && line.endsWith(" kB"))
                .map(line -> line.substring(KEY.length(), line.length() - 3).strip())
                .mapToLong(kib -> Long.parseLong(kib) * 1024)
                .findFirst();
    }
}
