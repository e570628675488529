package org.attention4j.core.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErfTest {
    @ParameterizedTest
    @CsvSource({
        "1e-300, 1.1283791670955126e-300",
        "1e-10, 1.1283791670955126e-10",
        "0.001, 0.0011283787909692365",
        "0.1, 0.1124629160182849",
        "0.46875, 0.49261347321793797",
        "0.5, 0.5204998778130465",
        "0.84375, 0.7672256612323416",
        "1.0, 0.8427007929497149",
        "1.25, 0.9229001282564583",
        "1.7, 0.9837904585907745",
        "1.9999, 0.9953201979070294",
        "2.0, 0.9953222650189527",
        "2.0001, 0.9953243313041966",
        "2.5, 0.999593047982555",
        "3.0, 0.9999779095030014",
        "3.7, 0.9999998328489421",
        "4.0, 0.9999999845827421",
        "5.0, 0.9999999999984626",
        "5.9, 0.9999999999999999",
        "6.1, 1.0",
        "30.0, 1.0"
    })
    void isExactToTheLastDigits(double x, double expected) {
        assertEquals(expected, Erf.erf(x), 4 * Math.ulp(expected));
        assertEquals(-expected, Erf.erf(-x), 4 * Math.ulp(expected));
    }

    @Test
    void theSeriesAndTheFractionMeet() {
        assertEquals(Erf.erf(2), Erf.erf(Math.nextUp(2.0)), 4e-16);
    }

    @Test
    void endsAtOneAndKeepsNan() {
        assertEquals(0, Erf.erf(0));
        assertEquals(1, Erf.erf(Double.POSITIVE_INFINITY));
        assertEquals(-1, Erf.erf(Double.NEGATIVE_INFINITY));
        assertTrue(Double.isNaN(Erf.erf(Double.NaN)));
    }
}
