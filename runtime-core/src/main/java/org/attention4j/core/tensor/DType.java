package org.attention4j.core.tensor;

/**
 * The type of a tensor's elements.
 *
 * <p>Plain types hold one element in {@link #blockBytes()} bytes. Block-quantised types hold {@link #blockSize()}
 * consecutive elements of the last dimension in one block of {@code blockBytes()} bytes: in the layout that GGUF files
 * use (ggml's {@code block_*} structures), or, with names that begin with {@code INT}, in one of this library for checkpoints
 * that have integers, scales and zero points in tensors of their own. They are types of weights, which a graph reads through a {@code dequantize}
 * primitive. All multi-byte values are little-endian.
 */
public enum DType {
    F64(1, 8, Kind.FLOAT),
    F32(1, 4, Kind.FLOAT),
    F16(1, 2, Kind.FLOAT),
    BF16(1, 2, Kind.FLOAT),
    I64(1, 8, Kind.INTEGER),
    I32(1, 4, Kind.INTEGER),
    I8(1, 1, Kind.INTEGER),
    U8(1, 1, Kind.INTEGER),
    BOOL(1, 1, Kind.BOOLEAN),
    /** 64 elements: f32 scale s, an unsigned byte z, 2 bits for each q; w = s·(q − z). */
    INT2_G64(64, 21, Kind.QUANTIZED),
    /** 128 elements: f32 scale s, an unsigned byte z, 2 bits for each q; w = s·(q − z). */
    INT2_G128(128, 37, Kind.QUANTIZED),
    /** 16 elements: f32 scale s, an unsigned byte z, 4 bits for each q; w = s·(q − z). */
    INT4_G16(16, 13, Kind.QUANTIZED),
    /** 32 elements: f32 scale s, an unsigned byte z, 4 bits for each q; w = s·(q − z). */
    INT4_G32(32, 21, Kind.QUANTIZED),
    /** 64 elements: f32 scale s, an unsigned byte z, 4 bits for each q; w = s·(q − z). */
    INT4_G64(64, 37, Kind.QUANTIZED),
    /** 128 elements: f32 scale s, an unsigned byte z, 4 bits for each q; w = s·(q − z). */
    INT4_G128(128, 69, Kind.QUANTIZED),
    /** 16 elements: f32 scale s, an unsigned byte z, 8 bits for each q; w = s·(q − z). */
    INT8_G16(16, 21, Kind.QUANTIZED),
    /** 32 elements: f32 scale s, an unsigned byte z, 8 bits for each q; w = s·(q − z). */
    INT8_G32(32, 37, Kind.QUANTIZED),
    /** 64 elements: f32 scale s, an unsigned byte z, 8 bits for each q; w = s·(q − z). */
    INT8_G64(64, 69, Kind.QUANTIZED),
    /** 128 elements: f32 scale s, an unsigned byte z, 8 bits for each q; w = s·(q − z). */
    INT8_G128(128, 133, Kind.QUANTIZED),
    /** 32 elements: f16 scale d, 16 bytes of nibbles; w = d·(q − 8). */
    Q4_0(32, 18, Kind.QUANTIZED),
    /** 32 elements: f16 scale d and minimum m, 16 bytes of nibbles; w = d·q + m. */
    Q4_1(32, 20, Kind.QUANTIZED),
    /** 32 elements: f16 scale d, 32 fifth bits, 16 bytes of nibbles; w = d·(q − 16). */
    Q5_0(32, 22, Kind.QUANTIZED),
    /** 32 elements: f16 scale d and minimum m, 32 fifth bits, 16 bytes of nibbles; w = d·q + m. */
    Q5_1(32, 24, Kind.QUANTIZED),
    /** 32 elements: f16 scale d, 32 signed bytes; w = d·q. */
    Q8_0(32, 34, Kind.QUANTIZED),
    /** 256 elements of 2 bits in 16 groups of 16 with 4-bit scales and minimums: w = d·sc·q − dmin·m. */
    Q2_K(256, 84, Kind.QUANTIZED),
    /** 256 elements of 3 bits in 16 groups of 16 with 6-bit scales: w = d·(sc − 32)·(q − 4). */
    Q3_K(256, 110, Kind.QUANTIZED),
    /** 256 elements of 4 bits in 8 groups of 32 with 6-bit scales and minimums: w = d·sc·q − dmin·m. */
    Q4_K(256, 144, Kind.QUANTIZED),
    /** 256 elements of 5 bits in 8 groups of 32 with 6-bit scales and minimums: w = d·sc·q − dmin·m. */
    Q5_K(256, 176, Kind.QUANTIZED),
    /** 256 elements of 6 bits in 16 groups of 16 with 8-bit scales: w = d·sc·(q − 32). */
    Q6_K(256, 210, Kind.QUANTIZED),
    /** 32 elements: f16 scale d, 16 bytes of nibbles; w = d·t[q] with a table t of 16 values that are not evenly spaced. */
    IQ4_NL(32, 18, Kind.QUANTIZED),
    /** 256 elements in 8 groups of 32 with 6-bit scales: w = d·(sc − 32)·t[q] with the table of {@link #IQ4_NL}. */
    IQ4_XS(256, 136, Kind.QUANTIZED),
    /** 32 elements: a power of two s in 8 bits, 16 bytes of nibbles; w = s·t[q] with the values t of 4-bit floats (OCP MX). */
    MXFP4(32, 17, Kind.QUANTIZED),
    /** 64 elements in 4 groups of 16, each with a scale s that is an 8-bit float; w = s·t[q] with the values t of {@link #MXFP4}. */
    NVFP4(64, 36, Kind.QUANTIZED),
    /** 256 elements of −1, 0 or 1, five in a byte, with an f16 scale. */
    TQ1_0(256, 54, Kind.QUANTIZED),
    /** 256 elements of −1, 0 or 1 in two bits each, with an f16 scale. */
    TQ2_0(256, 66, Kind.QUANTIZED),
    /** 256 elements in runs of 8 from a codebook of 256, with signs; 8 groups of 32 with 4-bit scales. */
    IQ2_XXS(256, 66, Kind.QUANTIZED),
    /** 256 elements in runs of 8 from a codebook of 512, with signs; 16 groups of 16 with 4-bit scales. */
    IQ2_XS(256, 74, Kind.QUANTIZED),
    /** 256 elements in runs of 8 from a codebook of 1024, with signs; 16 groups of 16 with 4-bit scales. */
    IQ2_S(256, 82, Kind.QUANTIZED),
    /** 256 elements in runs of 4 from a codebook of 256, with signs; 8 groups of 32 with 4-bit scales. */
    IQ3_XXS(256, 98, Kind.QUANTIZED),
    /** 256 elements in runs of 4 from a codebook of 512, with signs; 8 groups of 32 with 4-bit scales. */
    IQ3_S(256, 110, Kind.QUANTIZED),
    /** 256 elements in runs of 8 from a codebook of 2048, all a little higher or lower; 8 groups of 32 with 3-bit scales. */
    IQ1_S(256, 50, Kind.QUANTIZED),
    /** 256 elements in runs of 8 from the codebook of {@link #IQ1_S}; 16 groups of 16 with 3-bit scales. */
    IQ1_M(256, 56, Kind.QUANTIZED);

    private enum Kind {
        FLOAT,
        INTEGER,
        BOOLEAN,
        QUANTIZED
    }

    private final int blockSize;
    private final int blockBytes;
    private final Kind kind;

    DType(int blockSize, int blockBytes, Kind kind) {
        this.blockSize = blockSize;
        this.blockBytes = blockBytes;
        this.kind = kind;
    }

    /** Elements per block; 1 for plain types. */
    public int blockSize() {
        return blockSize;
    }

    /** Bytes per block; the size of one element for plain types. */
    public int blockBytes() {
        return blockBytes;
    }

    /** True for {@code F64 F32 F16 BF16}. */
    public boolean isFloat() {
        return kind == Kind.FLOAT;
    }

    /** True for {@code I64 I32 I8 U8}. */
    public boolean isInteger() {
        return kind == Kind.INTEGER;
    }

    /** True for the block-quantised weight types. */
    public boolean isQuantized() {
        return kind == Kind.QUANTIZED;
    }

    /**
     * Bytes that a tensor of this shape takes.
     *
     * @throws IllegalArgumentException if a dimension is negative, the size overflows a {@code long}, or the last
     *     dimension is no multiple of {@link #blockSize()}
     */
    public long byteSize(Shape shape) {
        if (blockSize > 1 && (shape.rank() == 0 || shape.dim(shape.rank() - 1) % blockSize != 0)) {
            throw new IllegalArgumentException("%s: the last dimension of %s is not a multiple of the block size %d"
                    .formatted(this, shape, blockSize));
        }
        try {
            return Math.multiplyExact(shape.elements() / blockSize, (long) blockBytes);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("%s: the byte size of %s overflows".formatted(this, shape), e);
        }
    }
}
