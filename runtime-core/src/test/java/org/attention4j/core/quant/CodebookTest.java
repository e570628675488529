package org.attention4j.core.quant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CodebookTest {
    private static byte[] point(Codebook book, int index, int width) {
        byte[] point = new byte[width];
        book.copy(index, point, 0);
        return point;
    }

    @Test
    void hasPointsInOrder() {
        assertEquals(256, Codebook.IQ2_XXS.size());
        assertArrayEquals(new byte[] {8, 8, 8, 8, 8, 8, 8, 8}, point(Codebook.IQ2_XXS, 0, 8));
        assertArrayEquals(new byte[] {43, 8, 8, 8, 8, 8, 8, 8}, point(Codebook.IQ2_XXS, 1, 8));
        assertArrayEquals(new byte[] {25, 25, 8, 8, 8, 8, 8, 8}, point(Codebook.IQ2_XXS, 2, 8));
        assertArrayEquals(new byte[] {8, 25, 8, 8, 25, 43, 43, 43}, point(Codebook.IQ2_XXS, 255, 8));
    }

    @Test
    void hasTheSizesThatIndicesReach() {
        assertEquals(2048, Codebook.IQ1.size());
        assertEquals(512, Codebook.IQ2_XS.size());
        assertEquals(1024, Codebook.IQ2_S.size());
        assertEquals(256, Codebook.IQ3_XXS.size());
        assertEquals(512, Codebook.IQ3_S.size());
    }

    @Test
    void endsWithTheHighestPoints() {
        assertArrayEquals(new byte[] {1, 1, 1, 1, 1, 1, 1, 1}, point(Codebook.IQ1, 2047, 8));
        assertArrayEquals(new byte[] {43, 43, 43, 43, 43, 43, 43, 43}, point(Codebook.IQ2_XS, 511, 8));
    }

    @Test
    void signsAreBits() {
        byte[] q = {1, 2, 3, 4, 5, 6, 7, 8, 9};
        Codebook.sign(0x83, q, 1);
        assertArrayEquals(new byte[] {1, -2, -3, 4, 5, 6, 7, 8, -9}, q);
    }

    @Test
    void theEighthSignMakesThemEven() {
        assertEquals(0x80 | 0x07, Codebook.evenSigns(0x07));
        assertEquals(0x03, Codebook.evenSigns(0x03));
    }
}
