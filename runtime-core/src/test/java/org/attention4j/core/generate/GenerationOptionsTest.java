package org.attention4j.core.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class GenerationOptionsTest {
    @Test
    void valuesOutsideTheirRangeAreErrorsThatNameThem() {
        assertFails(o -> o.withMaxTokens(-1), "max tokens: got -1, expected at least 0");
        assertFails(o -> o.withStopStrings("a", ""), "stop: a stop string is empty, expected at least one character");
        assertFails(o -> o.withDeadline(Duration.ZERO), "deadline: got PT0S, expected a positive time");
    }

    private static void assertFails(UnaryOperator<GenerationOptions> change, String message) {
        var e = assertThrows(IllegalArgumentException.class, () -> change.apply(GenerationOptions.DEFAULT));
        assertEquals(message, e.getMessage());
    }
}
