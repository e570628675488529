package org.attention4j.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the runs ran on.
 *
 * @param processor its name, where {@code /proc/cpuinfo} tells it
 * @param cores hardware threads that this process may use
 * @param jvm the one that compares, which need not be a contestant's
 */
record Machine(Optional<String> processor, int cores, String os, String jvm) {
    /** This one. */
    static Machine here() {
        return new Machine(
                processor(Path.of("/proc/cpuinfo")),
                Runtime.getRuntime().availableProcessors(),
                "%s %s, %s"
                        .formatted(
                                System.getProperty("os.name"),
                                System.getProperty("os.version"),
                                System.getProperty("os.arch")),
                "%s %s".formatted(System.getProperty("java.vm.name"), System.getProperty("java.vm.version")));
    }

    static Optional<String> processor(Path cpuinfo) {
        if (!Files.isReadable(cpuinfo)) {
            return Optional.empty();
        }
        try {
            return processor(Files.readAllLines(cpuinfo));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> processor(List<String> cpuinfo) {
        return cpuinfo.stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }
}
