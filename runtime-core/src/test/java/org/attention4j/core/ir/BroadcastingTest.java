package org.attention4j.core.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class BroadcastingTest {
    private static final Dim SEQ = Dim.symbol("seq");
    private static final Dim ONE = Dim.of(1);
    private static final Dim FOUR = Dim.of(4);

    @Test
    void alignsAtTheLastDim() {
        assertEquals(List.of(SEQ, FOUR), Broadcasting.broadcast("add", List.of(SEQ, FOUR), List.of(FOUR)));
        assertEquals(List.of(SEQ, FOUR), Broadcasting.broadcast("add", List.of(), List.of(SEQ, FOUR)));
    }

    @Test
    void onesStretch() {
        assertEquals(List.of(SEQ, FOUR), Broadcasting.broadcast("add", List.of(SEQ, ONE), List.of(ONE, FOUR)));
        assertEquals(List.of(Dim.of(0)), Broadcasting.broadcast("add", List.of(Dim.of(0)), List.of(ONE)));
    }

    @Test
    void othersMustBeEqual() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> Broadcasting.broadcast("add", List.of(FOUR, SEQ), List.of(Dim.of(3), SEQ)));
        assertEquals("add: dims [4, seq] and [3, seq] can't be broadcast: 4 against 3", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Broadcasting.broadcast("add", List.of(FOUR), List.of(SEQ)));
    }
}
