package org.attention4j.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PeakMemoryTest {
    @Test
    void readsTheHighWaterMark() {
        List<String> status = List.of("Name:\tjava", "VmPeak:\t  999 kB", "VmHWM:\t   1234 kB", "VmRSS:\t   1000 kB");
        assertEquals(OptionalLong.of(1234 * 1024), PeakMemory.parse(status));
        assertEquals(OptionalLong.empty(), PeakMemory.parse(List.of("Name:\tjava")));
    }
}
