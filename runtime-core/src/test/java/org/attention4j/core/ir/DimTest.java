package org.attention4j.core.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DimTest {
    private static final Dim SEQ = Dim.symbol("seq");
    private static final Dim PAST = Dim.symbol("past");

    @Test
    void constantsFold() {
        assertEquals(Dim.of(5), Dim.of(2).plus(Dim.of(3)));
        assertEquals(Dim.of(6), Dim.of(2).times(Dim.of(3)));
        assertEquals(SEQ, SEQ.plus(Dim.of(0)));
        assertEquals(SEQ, Dim.of(1).times(SEQ));
        assertEquals(Dim.of(0), SEQ.times(Dim.of(0)));
    }

    @Test
    void sumsThatAreEqualLookEqual() {
        assertEquals(SEQ, Dim.of(3).plus(SEQ).plus(Dim.of(-3)));
        assertEquals(SEQ.plus(PAST), PAST.plus(SEQ));
        assertEquals(
                PAST.plus(SEQ).plus(Dim.of(4)),
                Dim.of(1).plus(SEQ).plus(Dim.of(3)).plus(PAST));
        assertEquals("past+seq+4", Dim.of(4).plus(SEQ.plus(PAST)).toString());
    }

    @Test
    void productsThatAreEqualLookEqual() {
        assertEquals(SEQ.times(Dim.of(12)), Dim.of(3).times(SEQ).times(Dim.of(4)));
        assertEquals(SEQ.times(PAST), PAST.times(SEQ));
        assertEquals("((past)*(seq))*(2)", Dim.of(2).times(SEQ).times(PAST).toString());
    }

    @Test
    void quotientsRoundUp() {
        Dim chunks = SEQ.dividedBy(4);
        assertEquals("⌈(seq)/4⌉", chunks.toString());
        assertEquals(3, chunks.evaluate(Map.of("seq", 9L)));
        assertEquals(12, Dim.of(4).times(chunks).evaluate(Map.of("seq", 9L)));
        assertEquals(Dim.of(2), Dim.of(8).dividedBy(4));
        assertEquals(SEQ, SEQ.dividedBy(1));
        assertEquals(chunks.plus(Dim.of(2)), Dim.of(2).plus(SEQ.dividedBy(4)));
        assertThrows(IllegalArgumentException.class, () -> SEQ.dividedBy(0));
    }

    @Test
    void evaluates() {
        Map<String, Long> sizes = Map.of("seq", 5L, "past", 2L);
        assertEquals(
                5 * 3 + 2 - 1, SEQ.times(Dim.of(3)).plus(PAST).plus(Dim.of(-1)).evaluate(sizes));
        assertEquals(7, Dim.of(7).evaluate(Map.of()));
    }

    @Test
    void overflowIsAnError() {
        Dim large = Dim.of(Long.MAX_VALUE);
        assertThrows(ArithmeticException.class, () -> large.plus(Dim.of(1)));
        assertThrows(ArithmeticException.class, () -> SEQ.times(large).evaluate(Map.of("seq", 2L)));
    }

    @Test
    void unknownSymbolsAreNamed() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> SEQ.evaluate(Map.of("past", 2L)));
        assertEquals("dimension seq has no size; known are {past=2}", e.getMessage());
    }

    @Test
    void onlyNumbersAreFixed() {
        assertTrue(Dim.of(3).isFixed());
        assertFalse(SEQ.isFixed());
    }
}
