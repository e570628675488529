package org.attention4j.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UnitsTest {
    @Test
    void bytesHaveBinaryUnits() {
        assertEquals("0 B", Units.bytes(0));
        assertEquals("1023 B", Units.bytes(1023));
        assertEquals("1.5 KiB", Units.bytes(1536));
        assertEquals("8.0 EiB", Units.bytes(Long.MAX_VALUE));
    }

    @Test
    void numbersDoNotDependOnTheLocale() {
        assertEquals("1,234,567", Units.count(1_234_567));
        assertEquals("0.250 s", Units.seconds(Duration.ofMillis(250)));
    }
}
