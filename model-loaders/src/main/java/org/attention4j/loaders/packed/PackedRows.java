package org.attention4j.loaders.packed;

import java.util.Arrays;
import java.util.Optional;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;

/**
 * Matrices as {@code MatMulNBits} and {@code GatherBlockQuantized} of ONNX Runtime store them: {@code w = s·(q − z)}, with the
 * unsigned q of a row one after the other in bytes, lower bits first, and s and z for each group of a row.
 *
 * @param bits of each q, 2, 4 or 8
 * @param group how many consecutive inputs share s and z, a power of two
 * @param numOutputs rows
 * @param numInputs columns; the last group of a row is stored whole
 */
public record PackedRows(int bits, int group, long numOutputs, long numInputs) {
    /** More than any layer has; what is allocated for each input must not come from a broken file. */
    private static final int MOST_INPUTS = 1 << 22;

    public PackedRows {
        require(bits == 2 || bits == 4 || bits == 8, "bits is %d, expected 2, 4 or 8", bits);
        require(group >= 16 && group <= 1 << 16 && Integer.bitCount(group) == 1, "block_size is %d", group);
        require(numOutputs > 0 && numInputs > 0, "a matrix of %d × %d", numOutputs, numInputs);
        require(numInputs <= MOST_INPUTS, "%d inputs, expected at most %d", numInputs, MOST_INPUTS);
    }

    private int numGroups() {
        return (int) Math.ceilDiv(numInputs, group);
    }

    /**
     * The matrix {@code [outputs, inputs]}: in blocks that are made when they are read, out of the tensors given, where groups and
     * zero points fit those; else in F32 that is made likewise.
     *
     * @param quants U8
     * @param scales of a float dtype
     * @param zeros U8, packed as the q are, or of a float dtype; of none, z is half of the range of q
     * @param index integers: for each input its group, if these are not in order
     * @throws IllegalArgumentException if a tensor has another type or size than it must
     */
    public Tensor matrix(Tensor quants, Tensor scales, Optional<Tensor> zeros, Optional<Tensor> index) {
        long rowBytes = numGroups() * ((long) group * bits / Byte.SIZE);
        require(quants, DType.U8, Math.multiplyExact(numOutputs, rowBytes), "the integers");
        require(scales, scales.dtype().isFloat() ? scales.dtype() : DType.F32, numOutputs * numGroups(), "the scales");
        zeros.ifPresent(z -> require(
                z,
                z.dtype().isFloat() ? z.dtype() : DType.U8,
                numOutputs * (z.dtype().isFloat() ? numGroups() : Math.ceilDiv((long) numGroups() * bits, Byte.SIZE)),
                "the zero points"));
        Codes codes = new Codes.Rows(quants, zeros, bits, rowBytes, numGroups());
        GroupScales byOutput = new GroupScales(scales, numGroups(), numOutputs, true);
        return new GroupedLayer(codes, bits, byOutput, InputOrder.of(groups(index), numGroups())).weight();
    }

    private int[] groups(Optional<Tensor> index) {
        int[] groups = new int[(int) numInputs];
        Arrays.setAll(groups, i -> i / group);
        if (index.isPresent()) {
            Tensor t = index.get();
            require(t, t.dtype().isInteger() ? t.dtype() : DType.I32, numInputs, "the groups of inputs");
            for (int i = 0; i < groups.length; i++) {
                long g = t.getLong(i);
                require(g >= 0 && g < numGroups(), "input %d is in group %d of %d", i, g, numGroups());
                groups[i] = (int) g;
            }
        }
        return groups;
    }

    private static void require(Tensor t, DType dtype, long elements, String what) {
        boolean fits = t.dtype() == dtype && t.shape().elements() == elements;
        require(fits, "%s are %s, expected %d of %s", what, t, elements, dtype);
    }

    private static void require(boolean holds, String message, Object... args) {
        if (!holds) {
            throw new IllegalArgumentException(message.formatted(args));
        }
    }
}
