package org.attention4j.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is read of the machine, and the orders of contestants. */
class CompareMachineTest {
    @TempDir
    private Path proc;

    private void counters(String cpu, String self) throws IOException {
        Files.writeString(proc.resolve("stat"), cpu + "\ncpu0 1 2 3 4\n");
        Files.createDirectories(proc.resolve("self"));
        Files.writeString(proc.resolve("self").resolve("stat"), self);
    }

    private LoadMeter meter(long... nanoTimes) {
        Iterator<Long> times = IntStream.range(0, nanoTimes.length)
                .mapToObj(i -> nanoTimes[i])
                .toList()
                .iterator();
        return new ProcLoadMeter(proc, times::next);
    }

    @Test
    void foreignLoadIsBusyTimeThatIsNotOurs() throws IOException {
        // user nice system idle iowait irq softirq steal guest; and of the process: utime stime cutime cstime.
        counters("cpu  1000 100 10 5000 50 5 6 7 900 0", "7 (a) b) R 1 2 3 4 5 6 7 8 9 10 100 20 30 40 20 0 1");
        LoadMeter.Watch watch = meter(1_000_000_000L, 5_000_000_000L).start();
        counters("cpu  1300 120 40 9000 90 6 8 17 990 0", "7 (a) b) R 1 2 3 4 5 6 7 8 9 10 110 25 180 120 20 0 1");
        // 363 hundredths were busy, 245 of them ours, in 4 s.
        assertEquals(0.295, watch.foreignCores(List.of()).orElseThrow(), 1e-9);
    }

    @Test
    void countersOfDifferentCoarsenessDoNotMakeItNegative() throws IOException {
        counters("cpu  10 0 0 0", "7 (a) R 1 2 3 4 5 6 7 8 9 10 0 0 0 0 20");
        LoadMeter.Watch watch = meter(0, 1_000_000_000L).start();
        counters("cpu  19 0 0 0", "7 (a) R 1 2 3 4 5 6 7 8 9 10 10 0 0 0 20");
        assertEquals(OptionalDouble.of(0), watch.foreignCores(List.of()));
    }

    @Test
    void withoutCountersNothingIsTold() throws IOException {
        assertEquals(OptionalDouble.empty(), meter(0, 1).start().foreignCores(List.of()));
        counters("cpu  0 0 0 0 0 0 0 0 0 0", "7 (a) R 1 2 3 4 5 6 7 8 9 10 0 0 0 0 20");
        assertEquals(OptionalDouble.empty(), meter(0, 1).start().foreignCores(List.of()));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void linuxHasTheCounters() {
        OptionalDouble load =
                new ProcLoadMeter(Path.of("/proc"), System::nanoTime).start().foreignCores(List.of());
        assertTrue(load.isPresent());
    }

    @Test
    void theProcessorsNameIsThatOfTheFirst() throws IOException {
        Path cpuinfo = proc.resolve("cpuinfo");
        assertEquals(Optional.empty(), Machine.processor(cpuinfo));
        Files.writeString(
                cpuinfo, "processor\t: 0\nmodel name\t: Some CPU @ 2 GHz\nprocessor\t: 1\nmodel name\t: Other\n");
        assertEquals(Optional.of("Some CPU @ 2 GHz"), Machine.processor(cpuinfo));
    }

    @Test
    void ordersAreReversedAndRotated() {
        List<String> orders = IntStream.range(0, 7)
                .mapToObj(round -> String.join("", Orders.of(List.of("A", "B", "C"), round)))
                .toList();
        assertEquals(List.of("ABC", "CBA", "BCA", "ACB", "CAB", "BAC", "ABC"), orders);
        assertEquals(List.of("B", "A"), Orders.of(List.of("A", "B"), 1));
    }

    @Test
    void figuresHaveThreeDigitsThatCount() {
        assertEquals(
                List.of("12346", "123", "12.3", "1.23", "0.0123", "10.0", "1.00"),
                IntStream.range(0, 7)
                        .mapToObj(
                                i -> Numbers.figure(List.of(12345.678, 123.456, 12.3456, 1.23456, 0.0123456, 9.999, 1.0)
                                        .get(i)))
                        .toList());
    }
}
