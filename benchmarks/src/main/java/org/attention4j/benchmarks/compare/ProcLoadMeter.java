package org.attention4j.benchmarks.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/**
 * By Linux's {@code /proc}: the time that all processors were busy, less what this process and the children that it waited for have
 * used. A child's time holds that of its own children, if it waited for them too. Time that a hypervisor gave to others
 * ({@code steal}) counts as busy. Counters advance by a hundredth of a second, so a watch should last seconds.
 */
final class ProcLoadMeter implements LoadMeter {
    /** {@code USER_HZ}, which is 100 on all processors that run a JVM. */
    private static final double TICKS_PER_SECOND = 100;

    /** In {@code /proc/stat}: of user, nice, system, idle, iowait, irq, softirq, steal those that are work. */
    private static final int[] BUSY = {1, 2, 3, 6, 7, 8};

    /** In {@code /proc/self/stat} after the name: utime, stime, and both of the children that were waited for. */
    private static final int[] OWN = {11, 12, 13, 14};

    private final Path proc;
    private final LongSupplier nanoTime;

    /**
     * A meter that reads below {@code proc}.
     *
     * @param nanoTime a clock, as {@link System#nanoTime}
     */
    ProcLoadMeter(Path proc, LongSupplier nanoTime) {
        this.proc = proc;
        this.nanoTime = nanoTime;
    }

    @Override
    public Watch start() {
        Optional<Double> before = foreignSeconds();
        long start = nanoTime.getAsLong();
        return left -> {
            double wall = (nanoTime.getAsLong() - start) / 1e9;
            Optional<Double> after = foreignSeconds();
            if (before.isEmpty() || after.isEmpty()) {
                return OptionalDouble.empty();
            }
            double foreign = after.get() - before.get() - seconds(left);
            return OptionalDouble.of(Math.max(0, foreign) / wall);
        };
    }

    private static double seconds(Collection<ProcessHandle> processes) {
        return processes.stream()
                .mapToDouble(
                        p -> p.info().totalCpuDuration().map(Duration::toNanos).orElse(0L) / 1e9)
                .sum();
    }

    /** Since the machine started; the difference of two counts. Empty where there are no counts, or zeros in place of them. */
    private Optional<Double> foreignSeconds() {
        try {
            String machine = firstLine(proc.resolve("stat"));
            String self = firstLine(proc.resolve("self").resolve("stat"));
            double busy = sum(machine, BUSY);
            return machine.startsWith("cpu ") && busy > 0
                    ? Optional.of((busy - sum(self.substring(self.lastIndexOf(')') + 1), OWN)) / TICKS_PER_SECOND)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String firstLine(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1)
                .lines()
                .findFirst()
                .orElse("");
    }

    private static double sum(String line, int[] columns) {
        String[] words = line.trim().split(" +", -1);
        double sum = 0;
        for (int column : columns) {
            sum += column < words.length ? Double.parseDouble(words[column]) : 0;
        }
        return sum;
    }
}
