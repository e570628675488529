package org.attention4j.loaders.packed;

import java.util.Random;
import java.util.stream.IntStream;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.safetensors.SafetensorsWriter;

/** A layer of random integers, packed bit by bit from the formats' definitions. */
final class PackedLayer {
    private final int bits;
    /** The group of each input. */
    private final int[] groups;
    /** {@code [outputs][inputs]}. */
    private final int[][] q;
    /** {@code [groups][outputs]}. */
    private final int[][] z;
    /** {@code [groups][outputs]}, exact in F16. */
    private final float[][] scales;

    private PackedLayer(int bits, int[] groups, int[][] q, int[][] z, float[][] scales) {
        this.bits = bits;
        this.groups = groups;
        this.q = q;
        this.z = z;
        this.scales = scales;
    }

    static PackedLayer random(long seed, int outputs, int bits, int[] groups, int leastZ, int mostZ) {
        Random random = new Random(seed);
        int numGroups = IntStream.of(groups).max().orElse(-1) + 1;
        int[][] q = new int[outputs][groups.length];
        for (int[] row : q) {
            for (int i = 0; i < row.length; i++) {
                row[i] = random.nextInt(1 << bits);
            }
        }
        int[][] z = new int[numGroups][outputs];
        float[][] scales = new float[numGroups][outputs];
        for (int g = 0; g < numGroups; g++) {
            for (int o = 0; o < outputs; o++) {
                z[g][o] = random.nextInt(leastZ, mostZ + 1);
                scales[g][o] = Float.float16ToFloat(Float.floatToFloat16(0.1f * random.nextFloat() - 0.03f));
            }
        }
        return new PackedLayer(bits, groups, q, z, scales);
    }

    /** Groups of consecutive inputs. */
    static int[] inOrder(int inputs, int groupSize) {
        return IntStream.range(0, inputs).map(i -> i / groupSize).toArray();
    }

    /** Groups of this size, their inputs all over the place. */
    static int[] shuffled(int inputs, int groupSize) {
        int[] groups = inOrder(inputs, groupSize);
        Random random = new Random(inputs);
        for (int i = inputs - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int other = groups[j];
            groups[j] = groups[i];
            groups[i] = other;
        }
        return groups;
    }

    /** What the layer means: {@code [outputs, inputs]}. */
    float[] dequantised() {
        float[] w = new float[q.length * groups.length];
        for (int o = 0; o < q.length; o++) {
            for (int i = 0; i < groups.length; i++) {
                int g = groups[i];
                w[o * groups.length + i] = scales[g][o] * (q[o][i] - z[g][o]);
            }
        }
        return w;
    }

    /** Adds the tensors of GPTQ. */
    void writeGptq(SafetensorsWriter file, String name, int zeroOffset, boolean withIndex) {
        Tensor qweight = words(groups.length * bits / 32, q.length);
        for (int o = 0; o < q.length; o++) {
            for (int i = 0; i < groups.length; i++) {
                for (int bit = 0; bit < bits; bit++) {
                    int at = i * bits + bit;
                    setBit(qweight, at / 32, o, at % 32, q[o][i] >> bit);
                }
            }
        }
        Tensor qzeros = words(z.length, (q.length * bits + 31) / 32);
        for (int g = 0; g < z.length; g++) {
            for (int o = 0; o < q.length; o++) {
                for (int bit = 0; bit < bits; bit++) {
                    int at = o * bits + bit;
                    setBit(qzeros, g, at / 32, at % 32, (z[g][o] - zeroOffset) >> bit);
                }
            }
        }
        file.tensor(name + ".qweight", qweight)
                .tensor(name + ".qzeros", qzeros)
                .tensor(name + ".scales", scaleTensor());
        if (withIndex) {
            file.tensor(name + ".g_idx", integers(groups));
        }
    }

    /** Adds the tensors of AWQ. */
    void writeAwq(SafetensorsWriter file, String name) {
        int[] order = {0, 2, 4, 6, 1, 3, 5, 7};
        Tensor qweight = words(groups.length, q.length / 8);
        Tensor qzeros = words(z.length, q.length / 8);
        for (int o = 0; o < q.length; o += 8) {
            for (int nibble = 0; nibble < 8; nibble++) {
                for (int bit = 0; bit < 4; bit++) {
                    for (int i = 0; i < groups.length; i++) {
                        setBit(qweight, i, o / 8, 4 * nibble + bit, q[o + order[nibble]][i] >> bit);
                    }
                    for (int g = 0; g < z.length; g++) {
                        setBit(qzeros, g, o / 8, 4 * nibble + bit, z[g][o + order[nibble]] >> bit);
                    }
                }
            }
        }
        file.tensor(name + ".qweight", qweight)
                .tensor(name + ".qzeros", qzeros)
                .tensor(name + ".scales", scaleTensor());
    }

    private Tensor scaleTensor() {
        Tensor t = Tensor.zeros(DType.F16, Shape.of(scales.length, q.length));
        for (int i = 0; i < t.shape().elements(); i++) {
            t.setDouble(i, scales[i / q.length][i % q.length]);
        }
        return t;
    }

    static Tensor integers(int... values) {
        Tensor t = Tensor.zeros(DType.I32, Shape.of(values.length));
        for (int i = 0; i < values.length; i++) {
            t.setLong(i, values[i]);
        }
        return t;
    }

    private static Tensor words(int rows, int columns) {
        return Tensor.zeros(DType.I32, Shape.of(rows, columns));
    }

    private static void setBit(Tensor words, long row, long column, int bit, int value) {
        long i = row * words.shape().dim(1) + column;
        words.setLong(i, words.getLong(i) | (long) (value & 1) << bit);
    }
}
