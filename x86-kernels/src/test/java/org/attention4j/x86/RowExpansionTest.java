package org.attention4j.x86;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.attention4j.core.quant.BlockCodec;
import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bit for bit what the codecs decode. */
final class RowExpansionTest {
    @BeforeAll
    static void needsTheProcessor() {
        Processor processor = Processor.current();
        assumeTrue(processor.missing().isEmpty(), () -> processor.missing().orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({"Q8_0, 1", "Q8_0, 24", "Q4_0, 1", "Q4_0, 65"})
    void expandsRows(DType dtype, int blocks) {
        byte[] bytes = new byte[blocks * dtype.blockBytes()];
        new Random(blocks).nextBytes(bytes);
        for (int b = 0; b < blocks; b++) {
            // Scales that are numbers.
            bytes[b * dtype.blockBytes() + 1] &= 0x3f;
        }
        float[] expected = new float[blocks * dtype.blockSize()];
        BlockCodec.of(dtype).decode(MemorySegment.ofArray(bytes), 0, expected, 0, expected.length);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment row = Generated.guarded(arena, expected.length);
            RowExpansion.of(BlockFormat.of(dtype).orElseThrow())
                    .expand(arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes), blocks, row.address());
            assertArrayEquals(expected, Generated.read(row));
        }
    }
}
