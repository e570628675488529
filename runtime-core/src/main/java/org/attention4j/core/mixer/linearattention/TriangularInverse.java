package org.attention4j.core.mixer.linearattention;

import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;

/**
 * Inverses of unit lower triangular matrices by doubling blocks: with A and D inverted, the inverse of (A 0; B D) is (A⁻¹ 0;
 * −D⁻¹BA⁻¹ D⁻¹). As stable as forward substitution, with 2 log₂ n products; a Neumann series would cancel.
 */
final class TriangularInverse {
    private final GraphBuilder b;
    private final int size;

    TriangularInverse(GraphBuilder b, int size) {
        this.b = b;
        this.size = size;
    }

    /** {@code (I − M)⁻¹}; m is strictly lower triangular, {@code [.., size, size]}. */
    Value ofIdentityMinus(Value m) {
        Value inverse = Masks.constant(b, size, (row, column) -> row == column);
        for (int block = 1; block < size; block *= 2) {
            int half = block;
            Value corner = b.mul(m, Masks.constant(b, size, (row, column) -> joins(row, column, half)));
            Value joined = block == 1 ? corner : b.matMul(b.matMul(inverse, corner), inverse);
            inverse = b.add(inverse, joined);
        }
        return inverse;
    }

    /** In the lower left quarter of a diagonal block of twice the size. */
    private static boolean joins(int row, int column, int block) {
        return row / (2 * block) == column / (2 * block) && column / block < row / block;
    }
}
