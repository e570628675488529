package org.attention4j.onnx.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.attention4j.onnx.proto.TensorProto.DataType;
import org.junit.jupiter.api.Test;

class TensorSizeTest {
    @Test
    void packsTypesUnderAByte() {
        assertEquals(3, TensorSize.bytes(DataType.INT4, 5));
        assertEquals(2, TensorSize.bytes(DataType.UINT2, 5));
        assertEquals(0, TensorSize.bytes(DataType.UINT4, 0, 7));
    }

    @Test
    void countsElementsOfWholeBytes() {
        assertEquals(4, TensorSize.bytes(DataType.FLOAT));
        assertEquals(48, TensorSize.bytes(DataType.INT64, 2, 3));
        assertEquals(6L << 30, TensorSize.bytes(DataType.FLOAT16, 3, 1 << 30));
    }

    @Test
    void refusesWhatHasNoSize() {
        assertThrows(IllegalArgumentException.class, () -> TensorSize.bytes(DataType.STRING, 1));
        assertThrows(IllegalArgumentException.class, () -> TensorSize.bytes(DataType.INT8, -1));
        assertThrows(IllegalArgumentException.class, () -> TensorSize.bytes(DataType.INT8, Long.MAX_VALUE, 2));
        assertThrows(IllegalArgumentException.class, () -> TensorSize.bytes(DataType.INT64, Long.MAX_VALUE / 8));
    }
}
