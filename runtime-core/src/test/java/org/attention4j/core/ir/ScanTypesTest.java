package org.attention4j.core.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.Test;

class ScanTypesTest {
    private static final Dim SEQ = Dim.symbol("seq");
    private static final Dim TWO = Dim.of(2);
    private static final TensorType H = TensorType.of(DType.F32, TWO);
    private static final TensorType ROWS = TensorType.of(DType.F32, TWO, SEQ);

    /** Carries h [2], scans x [2], takes a constant c []; gives h + x · c and a flag for each step. */
    private static Graph body() {
        GraphBuilder b = new GraphBuilder("body");
        Value h = b.input("h", H);
        Value x = b.input("x", H);
        Value c = b.input("c", TensorType.of(DType.F32));
        b.result("next", b.add(h, b.mul(x, c)));
        b.result("flag", b.cast(h, DType.BOOL));
        return b.build();
    }

    private static void refuses(String message, int numCarried, int numScanned, int axis, TensorType... in) {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> ScanTypes.infer(body(), numCarried, numScanned, axis, List.of(in)));
        assertEquals(message, e.getMessage());
    }

    @Test
    void stepsAreStackedAlongTheAxis() {
        TensorType c = TensorType.of(DType.F32);
        assertEquals(
                "[F32[2], BOOL[2, seq]]",
                ScanTypes.infer(body(), 1, 1, 1, List.of(H, ROWS, c)).toString());
        TensorType columns = TensorType.of(DType.F32, SEQ, TWO);
        assertEquals(
                "[F32[2], BOOL[seq, 2]]",
                ScanTypes.infer(body(), 1, 1, 0, List.of(H, columns, c)).toString());
    }

    @Test
    void inputsMustFitTheBody() {
        TensorType c = TensorType.of(DType.F32);
        refuses("scan: 2 inputs given, its body takes 3", 1, 1, 1, H, ROWS);
        refuses("scan: 1 carried and 0 scanned values of 3, expected 1 to scan", 1, 0, 1, H, ROWS, c);
        refuses("scan: 3 carried and 1 scanned values of 3, expected 1 to scan", 3, 1, 1, H, ROWS, c);
        refuses("scan: input 1 is F32[2, seq], which has no axis 2", 1, 1, 2, H, ROWS, c);
        refuses("scan: input 1 is F32[2, seq], which has no axis -1", 1, 1, -1, H, ROWS, c);
        refuses("scan: input 1 is F32[seq], its body takes %x: F32[2]", 1, 1, 0, H, ROWS, c);
        refuses("scan: input 2 is I64[], its body takes %c: F32[]", 1, 1, 1, H, ROWS, TensorType.of(DType.I64));
        TensorType other = TensorType.of(DType.F32, TWO, Dim.of(5));
        GraphBuilder two = new GraphBuilder("two");
        two.result("y", two.add(two.input("a", H), two.input("b", H)));
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> ScanTypes.infer(two.build(), 0, 2, 1, List.of(ROWS, other)));
        assertEquals("scan: input 1 is F32[2, 5], expected length seq", e.getMessage());
    }

    @Test
    void carriedValuesKeepTheirTypes() {
        GraphBuilder b = new GraphBuilder("growing");
        Value h = b.input("h", H);
        b.input("x", H);
        b.result("next", b.unsqueeze(h, 0));
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> ScanTypes.infer(b.build(), 1, 1, 1, List.of(H, ROWS)));
        assertEquals("scan: carried value 0 is F32[2], then F32[1, 2]", e.getMessage());
    }

    @Test
    void theBodyGivesAllCarriedValues() {
        GraphBuilder b = new GraphBuilder("forgetful");
        b.input("h", H);
        b.input("x", H);
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> ScanTypes.infer(b.build(), 1, 1, 1, List.of(H, ROWS)));
        assertEquals("scan: its body gives 0 results, carries 1", e.getMessage());
    }

    @Test
    void resultsNeedRoomForTheAxis() {
        GraphBuilder b = new GraphBuilder("scalar");
        Value x = b.input("x", H);
        b.result("y", b.reduce(PrimitiveOp.ReduceKind.SUM, x, false, 0));
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> ScanTypes.infer(b.build(), 0, 1, 1, List.of(ROWS)));
        assertEquals("scan: its body's result 0 is F32[], which can't be stacked along axis 1", e.getMessage());
    }
}
