package org.attention4j.x86;

import java.lang.foreign.MemorySegment;

/** {@code y = x · Wᵀ} by generated code, with weights W that are packed for it. */
public interface Product {
    /** Of the weights: entries of y for each token. */
    long rows();

    /** Of the weights: entries of x for each token. */
    long columns();

    /** The bytes that {@link #run} needs for as many tokens. */
    long scratchBytes(long tokens);

    /**
     * Computes the product.
     *
     * @param x the address of {@code F32[tokens, columns]}
     * @param y that of {@code F32[tokens, rows]}
     * @param tokens at least 1
     * @param scratch of {@link #scratchBytes} bytes, at a multiple of 64
     */
    void run(long x, long y, long tokens, MemorySegment scratch, Parallel parallel);

    /** The product with one token. */
    OneRow oneRow();
}
