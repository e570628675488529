package org.attention4j.core.mixer.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class AlibiTest {
    /** The paper's own example: 1/2, 1/4, … 1/256 for 8 heads. */
    @Test
    void slopesOfAPowerOfTwoAreAGeometricSequence() {
        double[] expected = {1 / 2.0, 1 / 4.0, 1 / 8.0, 1 / 16.0, 1 / 32.0, 1 / 64.0, 1 / 128.0, 1 / 256.0};
        assertArrayEquals(expected, Alibi.PUBLISHED.slopes(8).toArray());
    }

    @Test
    void furtherHeadsTakeEveryOtherSlopeOfTheNextPower() {
        double[] expected = {
            Math.pow(2, -2), Math.pow(2, -4), Math.pow(2, -6), Math.pow(2, -8), Math.pow(2, -1), Math.pow(2, -3)
        };
        assertArrayEquals(expected, Alibi.PUBLISHED.slopes(6).toArray());
    }

    @Test
    void theLastSlopeAndTheScaleCanBeOthers() {
        assertArrayEquals(
                new double[] {0.5 * 0.25, 0.5 * 0.0625},
                new Alibi(4, 0.5).slopes(2).toArray());
    }

    @Test
    void slopesMustBePositive() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new Alibi(0, 1));
        assertEquals("alibi: got maxBias 0.0, scale 1.0; expected positive numbers", e.getMessage());
    }
}
