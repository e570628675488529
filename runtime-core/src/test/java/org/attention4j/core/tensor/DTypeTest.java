package org.attention4j.core.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DTypeTest {
    @ParameterizedTest
    @CsvSource({
        "F64, 4096",
        "F32, 2048",
        "F16, 1024",
        "BF16, 1024",
        "I64, 4096",
        "I32, 2048",
        "I8, 512",
        "U8, 512",
        "BOOL, 512",
        "INT2_G64, 168",
        "INT2_G128, 148",
        "INT4_G16, 416",
        "INT4_G32, 336",
        "INT4_G64, 296",
        "INT4_G128, 276",
        "INT8_G16, 672",
        "INT8_G32, 592",
        "INT8_G64, 552",
        "INT8_G128, 532",
        "Q4_0, 288",
        "Q4_1, 320",
        "Q5_0, 352",
        "Q5_1, 384",
        "Q8_0, 544",
        "Q2_K, 168",
        "Q3_K, 220",
        "Q4_K, 288",
        "Q5_K, 352",
        "Q6_K, 420",
        "IQ4_NL, 288",
        "IQ4_XS, 272",
        "MXFP4, 272",
        "NVFP4, 288",
        "TQ1_0, 108",
        "TQ2_0, 132",
        "IQ2_XXS, 132",
        "IQ2_XS, 148",
        "IQ2_S, 164",
        "IQ3_XXS, 196",
        "IQ3_S, 220",
        "IQ1_S, 100",
        "IQ1_M, 112"
    })
    void bytesOfTwoRowsOf256(DType dtype, long bytes) {
        assertEquals(bytes, dtype.byteSize(Shape.of(2, 256)));
        assertEquals(0, dtype.byteSize(Shape.of(0, 256)));
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void isOfOneKind(DType dtype) {
        int kinds = (dtype.isFloat() ? 1 : 0) + (dtype.isInteger() ? 1 : 0) + (dtype.isQuantized() ? 1 : 0);
        assertEquals(dtype == DType.BOOL ? 0 : 1, kinds);
        assertEquals(dtype.isQuantized(), dtype.blockSize() > 1);
    }

    @Test
    void blocksLieInTheLastDimension() {
        assertEquals(
                "Q8_0: the last dimension of [32, 3] is not a multiple of the block size 32",
                assertThrows(IllegalArgumentException.class, () -> DType.Q8_0.byteSize(Shape.of(32, 3)))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> DType.Q4_K.byteSize(Shape.of()));
    }

    @Test
    void overflowIsAnError() {
        assertEquals(
                "F64: the byte size of [4611686018427387904] overflows",
                assertThrows(IllegalArgumentException.class, () -> DType.F64.byteSize(Shape.of(1L << 62)))
                        .getMessage());
    }
}
