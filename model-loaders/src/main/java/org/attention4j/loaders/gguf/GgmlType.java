package org.attention4j.loaders.gguf;

import java.util.Arrays;
import java.util.Optional;
import org.attention4j.core.tensor.DType;

/**
 * The tensor types of ggml: the number that a file states, elements per block, bytes per block. Types without a {@link DType}
 * are known only so that a file that holds them can be inspected.
 */
enum GgmlType {
    F32(0, DType.F32),
    F16(1, DType.F16),
    Q4_0(2, DType.Q4_0),
    Q4_1(3, DType.Q4_1),
    Q5_0(6, DType.Q5_0),
    Q5_1(7, DType.Q5_1),
    Q8_0(8, DType.Q8_0),
    Q8_1(9, 32, 36),
    Q2_K(10, DType.Q2_K),
    Q3_K(11, DType.Q3_K),
    Q4_K(12, DType.Q4_K),
    Q5_K(13, DType.Q5_K),
    Q6_K(14, DType.Q6_K),
    Q8_K(15, 256, 292),
    IQ2_XXS(16, DType.IQ2_XXS),
    IQ2_XS(17, DType.IQ2_XS),
    IQ3_XXS(18, DType.IQ3_XXS),
    IQ1_S(19, DType.IQ1_S),
    IQ4_NL(20, DType.IQ4_NL),
    IQ3_S(21, DType.IQ3_S),
    IQ2_S(22, DType.IQ2_S),
    IQ4_XS(23, DType.IQ4_XS),
    I8(24, DType.I8),
    I16(25, 1, 2),
    I32(26, DType.I32),
    I64(27, DType.I64),
    F64(28, DType.F64),
    IQ1_M(29, DType.IQ1_M),
    BF16(30, DType.BF16),
    TQ1_0(34, DType.TQ1_0),
    TQ2_0(35, DType.TQ2_0),
    MXFP4(39, DType.MXFP4),
    NVFP4(40, DType.NVFP4);

    private final int id;
    private final int blockSize;
    private final int blockBytes;
    private final Optional<DType> dtype;

    GgmlType(int id, DType dtype) {
        this.id = id;
        this.blockSize = dtype.blockSize();
        this.blockBytes = dtype.blockBytes();
        this.dtype = Optional.of(dtype);
    }

    GgmlType(int id, int blockSize, int blockBytes) {
        this.id = id;
        this.blockSize = blockSize;
        this.blockBytes = blockBytes;
        this.dtype = Optional.empty();
    }

    /** The type of a number in a file; empty if ggml had no such type when this was written, or has it no more. */
    static Optional<GgmlType> of(int id) {
        return Arrays.stream(values()).filter(t -> t.id == id).findFirst();
    }

    /** The type that holds a dtype; empty for those that ggml does not have. */
    static Optional<GgmlType> of(DType dtype) {
        return Arrays.stream(values())
                .filter(t -> t.dtype.filter(d -> d == dtype).isPresent())
                .findFirst();
    }

    /** The number in files. */
    int id() {
        return id;
    }

    /** Elements per block, all in one row. */
    int blockSize() {
        return blockSize;
    }

    /** Bytes per block. */
    int blockBytes() {
        return blockBytes;
    }

    /** The supported type of the same layout, if there is one. */
    Optional<DType> dtype() {
        return dtype;
    }
}
