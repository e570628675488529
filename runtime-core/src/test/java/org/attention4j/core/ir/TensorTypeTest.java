package org.attention4j.core.ir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.junit.jupiter.api.Test;

class TensorTypeTest {
    private static final Dim SEQ = Dim.symbol("seq");
    private static final TensorType TYPE = TensorType.of(DType.F32, SEQ, Dim.of(4), SEQ.times(Dim.of(2)));

    @Test
    void axesCountFromBothEnds() {
        assertEquals(3, TYPE.rank());
        assertEquals(Dim.of(4), TYPE.dim(1));
        assertEquals(Dim.of(4), TYPE.dim(-2));
        assertEquals(4, TYPE.fixedDim(-2));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> TYPE.fixedDim(0));
        assertEquals("F32[seq, 4, (seq)*(2)]: dimension 0 must have a fixed size", e.getMessage());
    }

    @Test
    void symbolsGiveShapes() {
        assertEquals(Shape.of(3, 4, 6), TYPE.shape(Map.of("seq", 3L)));
        assertEquals(TensorType.of(DType.F32, Dim.of(2), Dim.of(3)), TensorType.of(DType.F32, Shape.of(2, 3)));
    }

    @Test
    void withDTypeKeepsTheDims() {
        assertEquals("I64[seq, 4, (seq)*(2)]", TYPE.withDType(DType.I64).toString());
        assertEquals("BOOL[]", TensorType.of(DType.BOOL).toString());
    }

    @Test
    void replaceSwapsEqualDims() {
        assertEquals("F32[1, 4, (seq)*(2)]", TYPE.replace(SEQ, Dim.of(1)).toString());
    }
}
