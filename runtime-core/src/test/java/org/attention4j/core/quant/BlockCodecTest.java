package org.attention4j.core.quant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BlockCodecTest {
    @Test
    void decodesFromAnyBlockToAnyPlace() {
        byte[] blocks = new byte[3 * 34];
        Blocks.putF16(blocks, 34, 1);
        blocks[34 + 2] = 5;
        float[] out = new float[40];
        BlockCodec.of(DType.Q8_0).decode(MemorySegment.ofArray(blocks), 1, out, 8, 32);
        assertEquals(5, out[8]);
    }

    @Test
    void decodesWholeBlocksOnly() {
        BlockCodec codec = BlockCodec.of(DType.Q4_K);
        MemorySegment block = MemorySegment.ofArray(new byte[144]);
        assertEquals(
                "Q4_K: 100 elements is not a multiple of the block size 256",
                assertThrows(IllegalArgumentException.class, () -> codec.decode(block, 0, new float[256], 0, 100))
                        .getMessage());
    }

    /** Backends choose by these limits how many bits a q gets. */
    @ParameterizedTest
    @MethodSource("blockTypes")
    void numbersOfAnyBytesAreWithinLimits(DType dtype) {
        BlockCodec codec = BlockCodec.of(dtype);
        assertEquals(0, dtype.blockSize() % codec.group());
        byte[] q = new byte[dtype.blockSize()];
        byte[] block = new byte[dtype.blockBytes()];
        int least = 0;
        int most = 0;
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            random.nextBytes(block);
            codec.quants(block, 0, q, 0);
            for (byte one : q) {
                least = Math.min(least, one);
                most = Math.max(most, one);
            }
        }
        assertEquals(codec.least(), least);
        assertEquals(codec.most(), most);
    }

    @ParameterizedTest
    @MethodSource("blockTypes")
    void someTypesHaveNoOffsets(DType dtype) {
        BlockCodec codec = BlockCodec.of(dtype);
        byte[] block = new byte[dtype.blockBytes()];
        float[] offsets = new float[dtype.blockSize() / codec.group()];
        if (codec.hasOffsets()) {
            codec.offsets(block, 0, offsets, 0);
        } else {
            assertThrows(IllegalStateException.class, () -> codec.offsets(block, 0, offsets, 0));
        }
    }

    static Stream<DType> blockTypes() {
        return Arrays.stream(DType.values()).filter(DType::isQuantized);
    }

    @Test
    void plainTypesHaveNoCodec() {
        assertEquals(
                "F16 is not a block-quantised type",
                assertThrows(IllegalArgumentException.class, () -> BlockCodec.of(DType.F16))
                        .getMessage());
    }
}
