package org.attention4j.x86;

import java.util.Optional;
import org.attention4j.core.tensor.DType;

/** The types of weights that kernels multiply with: 32 integers share one half-precision scale. */
public enum BlockFormat {
    /** Bytes. */
    Q8_0(DType.Q8_0, 512, 128),
    /** Four bits, of which 8 is subtracted; a byte has entry i and entry 16 + i. */
    Q4_0(DType.Q4_0, 256, 8);

    /** Weights that share a scale. */
    public static final int BLOCK = 32;

    private final DType dtype;
    private final int panelBlockBytes;
    private final int zero;

    BlockFormat(DType dtype, int panelBlockBytes, int zero) {
        this.dtype = dtype;
        this.panelBlockBytes = panelBlockBytes;
        this.zero = zero;
    }

    /** That of a type, if there is one. */
    public static Optional<BlockFormat> of(DType dtype) {
        for (BlockFormat f : values()) {
            if (f.dtype == dtype) {
                return Optional.of(f);
            }
        }
        return Optional.empty();
    }

    /** The bytes of the integers of one block in each of a panel's rows. */
    int panelBlockBytes() {
        return panelBlockBytes;
    }

    /** What the unsigned integers that processors multiply with are greater by. */
    int zero() {
        return zero;
    }
}
