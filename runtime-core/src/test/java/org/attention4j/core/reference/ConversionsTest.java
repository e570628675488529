package org.attention4j.core.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.foreign.ValueLayout;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConversionsTest {
    private static final Tensor KILOBYTE = Tensor.zeros(DType.F32, Shape.of(128));

    @Test
    void keepsWhatItConverted() {
        Conversions c = new Conversions(1 << 20);
        assertSame(c.load(KILOBYTE), c.load(KILOBYTE));
    }

    @Test
    void keepsNoMoreThanTheLimit() {
        Conversions c = new Conversions(10 << 10);
        Tensor large = Tensor.zeros(DType.F32, Shape.of(128 * 11));
        assertNotSame(c.load(large), c.load(large));
        Array first = c.load(KILOBYTE);
        for (int i = 0; i < 10; i++) {
            c.load(Tensor.zeros(DType.F32, Shape.of(128)));
        }
        assertNotSame(first, c.load(KILOBYTE));
    }

    @Test
    void aLimitOfZeroKeepsNothing() {
        assertNotSame(Conversions.NOT_KEPT.load(KILOBYTE), Conversions.NOT_KEPT.load(KILOBYTE));
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F64", "F32", "F16", "BF16", "I64", "I32", "I8", "U8", "BOOL"})
    void plainTensorsSurviveTheRoundTrip(DType dtype) {
        Tensor t = Tensor.zeros(dtype, Shape.of(2, 2));
        t.setDouble(1, 1);
        t.setDouble(2, dtype == DType.BOOL ? 1 : 96);
        Tensor back = Conversions.write(Conversions.read(t), dtype);
        assertEquals(-1, t.data().mismatch(back.data()));
        assertEquals(t.toString(), back.toString());
    }

    @Test
    void anyByteButZeroIsTrue() {
        Tensor t = Tensor.zeros(DType.BOOL, Shape.of(2));
        t.data().fill((byte) 0xff);
        assertArrayEquals(new long[] {1, 1}, ((Longs) Conversions.read(t)).data);
    }

    @Test
    void blocksAreDequantized() {
        Tensor t = Tensor.zeros(DType.Q8_0, Shape.of(2, 32));
        t.data().set(ValueLayout.JAVA_SHORT_UNALIGNED, 34, Float.floatToFloat16(0.5f));
        t.data().set(ValueLayout.JAVA_BYTE, 34 + 2 + 7, (byte) -3);
        Doubles values = (Doubles) Conversions.read(t);
        assertEquals(-1.5, values.data[32 + 7]);
        assertEquals(0, values.data[7]);
    }

    @Test
    void inputsAreCopied() {
        Tensor blocks = Tensor.zeros(DType.Q8_0, Shape.of(32));
        Stored copy = (Stored) Conversions.copy(blocks);
        blocks.data().fill((byte) 1);
        assertEquals(0, copy.tensor().data().get(ValueLayout.JAVA_BYTE, 5));
    }
}
