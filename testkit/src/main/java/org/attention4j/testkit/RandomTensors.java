package org.attention4j.testkit;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.attention4j.core.quant.BlockCodec;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** Tensors of random elements that are the same for the same seed. */
public final class RandomTensors {
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private RandomTensors() {}

    /** F32, normally distributed around 0 with this standard deviation. */
    public static Tensor normal(long seed, double deviation, Shape shape) {
        Random random = new Random(seed);
        return floats(DType.F32, shape, () -> random.nextGaussian() * deviation);
    }

    /** F32, evenly distributed from {@code low} to {@code high}. */
    public static Tensor uniform(long seed, double low, double high, Shape shape) {
        Random random = new Random(seed);
        return floats(DType.F32, shape, () -> random.nextDouble(low, high));
    }

    /** I64 from {@code low} to {@code high} (exclusive). */
    public static Tensor indices(long seed, long low, long high, Shape shape) {
        Random random = new Random(seed);
        return integers(DType.I64, shape, () -> random.nextLong(low, high));
    }

    /**
     * Any dtype: floats normally distributed with deviation 1, integers from 0 to 99, booleans, and blocks of random bits with
     * scales of about 0.01.
     */
    public static Tensor of(DType dtype, long seed, Shape shape) {
        Random random = new Random(seed);
        if (dtype.isFloat()) {
            return floats(dtype, shape, random::nextGaussian);
        }
        if (dtype.isQuantized()) {
            return blocks(dtype, shape, random);
        }
        return integers(dtype, shape, dtype == DType.BOOL ? () -> random.nextInt(2) : () -> random.nextInt(100));
    }

    private static Tensor floats(DType dtype, Shape shape, DoubleSupplier next) {
        Tensor t = Tensor.zeros(dtype, shape);
        for (long i = 0; i < shape.elements(); i++) {
            t.setDouble(i, next.getAsDouble());
        }
        return t;
    }

    private static Tensor integers(DType dtype, Shape shape, LongSupplier next) {
        Tensor t = Tensor.zeros(dtype, shape);
        for (long i = 0; i < shape.elements(); i++) {
            t.setLong(i, next.getAsLong());
        }
        return t;
    }

    private static Tensor blocks(DType dtype, Shape shape, Random random) {
        Tensor t = Tensor.zeros(dtype, shape);
        byte[] any = new byte[Math.toIntExact(t.data().byteSize())];
        random.nextBytes(any);
        t.data().copyFrom(MemorySegment.ofArray(any));
        for (long block = 0; block < t.data().byteSize(); block += dtype.blockBytes()) {
            MemorySegment bits = t.data().asSlice(block, dtype.blockBytes());
            switch (dtype) {
                case MXFP4 -> bits.set(ValueLayout.JAVA_BYTE, 0, (byte) (120 + random.nextInt(2)));
                case NVFP4 -> bits.asSlice(0, 4).fill((byte) (8 + random.nextInt(8)));
                case IQ1_M -> splitScale(bits.asSlice(48), random);
                case INT2_G64,
                        INT2_G128,
                        INT4_G16,
                        INT4_G32,
                        INT4_G64,
                        INT4_G128,
                        INT8_G16,
                        INT8_G32,
                        INT8_G64,
                        INT8_G128 -> scaleAndZeroPoint(BlockCodec.of(dtype), bits, random);
                default -> {
                    for (long at : scales(dtype)) {
                        bits.set(I16, at, scale(random));
                    }
                }
            }
        }
        return t;
    }

    /** An F32 scale, and a zero point in the range of the type's numbers. */
    private static void scaleAndZeroPoint(BlockCodec codec, MemorySegment block, Random random) {
        block.set(F32, 0, 0.01f * (1 + random.nextFloat()));
        int zeroPoint = random.nextInt(codec.most() - codec.least() + 1);
        block.set(ValueLayout.JAVA_BYTE, Float.BYTES, (byte) zeroPoint);
    }

    private static short scale(Random random) {
        return Float.floatToFloat16(0.01f * (1 + random.nextFloat()));
    }

    /** An F16 scale in the upper nibbles of four words. */
    private static void splitScale(MemorySegment words, Random random) {
        int scale = scale(random);
        for (int i = 0; i < 4; i++) {
            int rest = words.get(I16, 2L * i) & 0xfff;
            words.set(I16, 2L * i, (short) (rest | ((scale >> (4 * i)) & 0xf) << 12));
        }
    }

    /** Where in a block its F16 scales stand: random bits there could be NaN. */
    private static long[] scales(DType dtype) {
        return switch (dtype) {
            case Q4_0, Q5_0, Q8_0, IQ4_NL, IQ4_XS, IQ1_S, IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS, IQ3_S -> new long[] {0};
            case Q4_1, Q5_1, Q4_K, Q5_K -> new long[] {0, 2};
            case Q2_K -> new long[] {80, 82};
            case Q3_K -> new long[] {108};
            case Q6_K -> new long[] {208};
            case TQ1_0 -> new long[] {52};
            case TQ2_0 -> new long[] {64};
            default -> throw new IllegalArgumentException(dtype + " is not a block-quantised type");
        };
    }
}
