package org.attention4j.loaders.packed;

import com.google.common.primitives.ImmutableIntArray;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.attention4j.core.tensor.Tensor;

/** The integers of one layer, wherever they lie. */
sealed interface Codes {
    /**
     * Writes the q of some inputs of some consecutive outputs.
     *
     * @param outputs how many, from {@code firstOutput} on
     * @param inputs those from {@code from} on are meant, {@code count} of them
     * @param codes receives, for each output, the q of each input
     */
    void read(long firstOutput, int outputs, ImmutableIntArray inputs, int from, int count, byte[] codes);

    /** The z of a group of inputs of an output. */
    int zeroPoint(int group, long output);

    /** The same where it may be any number. */
    default float exactZeroPoint(int group, long output) {
        return zeroPoint(group, output);
    }

    /** Says that nothing will be read soon. */
    void unload();

    /**
     * GPTQ: a stream of integers along the inputs of each output, and one of zero points along the outputs of each group.
     *
     * @param zeroOffset what is to be added to a stored zero point
     */
    record Gptq(Words qweight, Words qzeros, int bits, int zeroOffset) implements Codes {
        @Override
        public void read(long firstOutput, int outputs, ImmutableIntArray inputs, int from, int count, byte[] codes) {
            for (int i = 0; i < count; i++) {
                long bit = (long) inputs.get(from + i) * bits;
                long word = bit / Integer.SIZE;
                int shift = (int) (bit % Integer.SIZE);
                boolean inNextToo = shift + bits > Integer.SIZE;
                for (int o = 0; o < outputs; o++) {
                    int q = qweight.get(word, firstOutput + o) >>> shift;
                    if (inNextToo) {
                        q |= qweight.get(word + 1, firstOutput + o) << (Integer.SIZE - shift);
                    }
                    codes[o * count + i] = (byte) (q & ((1 << bits) - 1));
                }
            }
        }

        @Override
        public int zeroPoint(int group, long output) {
            long bit = output * bits;
            long word = bit / Integer.SIZE;
            int shift = (int) (bit % Integer.SIZE);
            int z = qzeros.get(group, word) >>> shift;
            if (shift + bits > Integer.SIZE) {
                z |= qzeros.get(group, word + 1) << (Integer.SIZE - shift);
            }
            return (z & ((1 << bits) - 1)) + zeroOffset;
        }

        @Override
        public void unload() {
            qweight.unload();
        }
    }

    /** AWQ: eight outputs in a word, for each input. */
    record Awq(Words qweight, Words qzeros) implements Codes {
        private static final int PER_WORD = 8;
        private static final int BITS = 4;
        /** In which nibble of a word its outputs are. */
        private static final int[] NIBBLE = {0, 4, 1, 5, 2, 6, 3, 7};

        @Override
        public void read(long firstOutput, int outputs, ImmutableIntArray inputs, int from, int count, byte[] codes) {
            for (int i = 0; i < count; i++) {
                for (int o = 0; o < outputs; o++) {
                    codes[o * count + i] = (byte) nibble(qweight, inputs.get(from + i), firstOutput + o);
                }
            }
        }

        @Override
        public int zeroPoint(int group, long output) {
            return nibble(qzeros, group, output);
        }

        private static int nibble(Words words, long row, long output) {
            int word = words.get(row, output / PER_WORD);
            return (word >>> (NIBBLE[(int) (output % PER_WORD)] * BITS)) & 0xf;
        }

        @Override
        public void unload() {
            qweight.unload();
        }
    }

    /**
     * ONNX Runtime: the integers of each output in bytes, lower bits first, and so its zero points, each output's in whole bytes.
     *
     * @param quants U8, {@code rowBytes} for each output
     * @param zeros U8, packed likewise, or one of a float dtype for each group; of none, each zero point is half of the range
     */
    record Rows(Tensor quants, Optional<Tensor> zeros, int bits, long rowBytes, int numGroups) implements Codes {
        @Override
        public void read(long firstOutput, int outputs, ImmutableIntArray inputs, int from, int count, byte[] codes) {
            MemorySegment data = quants.data();
            for (int o = 0; o < outputs; o++) {
                long row = (firstOutput + o) * rowBytes;
                for (int i = 0; i < count; i++) {
                    codes[o * count + i] = (byte) at(data, row, inputs.get(from + i));
                }
            }
        }

        @Override
        public int zeroPoint(int group, long output) {
            return (int) exactZeroPoint(group, output);
        }

        @Override
        public float exactZeroPoint(int group, long output) {
            if (zeros.isEmpty()) {
                return 1 << (bits - 1);
            }
            Tensor z = zeros.get();
            if (z.dtype().isFloat()) {
                return (float) z.getDouble(output * numGroups + group);
            }
            return at(z.data(), output * Math.ceilDiv((long) numGroups * bits, Byte.SIZE), group);
        }

        private int at(MemorySegment data, long row, long index) {
            long bit = index * bits;
            int packed = data.get(ValueLayout.JAVA_BYTE, row + bit / Byte.SIZE);
            return (packed >>> (int) (bit % Byte.SIZE)) & ((1 << bits) - 1);
        }

        @Override
        public void unload() {
            quants.unload();
        }
    }
}
