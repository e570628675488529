package org.attention4j.core.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class SamplingOptionsTest {
    @Test
    void valuesOutsideTheirRangeAreErrorsThatNameThem() {
        assertFails(o -> o.withTemperature(-0.1), "temperature: got -0.1, expected a finite number from 0 on");
        assertFails(o -> o.withTemperature(Double.NaN), "temperature: got NaN, expected a finite number from 0 on");
        assertFails(o -> o.withTopK(-1), "top-k: got -1, expected at least 0");
        assertFails(o -> o.withTopP(0), "top-p: got 0.0, expected more than 0 and at most 1");
        assertFails(o -> o.withTopP(1.01), "top-p: got 1.01, expected more than 0 and at most 1");
        assertFails(o -> o.withMinP(Double.NaN), "min-p: got NaN, expected 0 to 1");
        assertFails(
                o -> o.withRepetitionPenalty(0, 64),
                "repetition penalty: got 0.0, expected a finite number more than 0");
        assertFails(o -> o.withRepetitionPenalty(1.1, 0), "repetition window: got 0, expected at least 1");
    }

    private static void assertFails(UnaryOperator<SamplingOptions> change, String message) {
        var e = assertThrows(IllegalArgumentException.class, () -> change.apply(SamplingOptions.GREEDY));
        assertEquals(message, e.getMessage());
    }
}
