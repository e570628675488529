package org.attention4j.core.mixer.linearattention;

import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;

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
        Value row = b.unsqueeze(b.iota(Dim.of(size)), 1);
        Value column = b.unsqueeze(b.iota(Dim.of(size)), 0);
        Value inverse = b.cast(b.binary(BinaryKind.EQUAL, row, column), DType.F32);
        for (int block = 1; block < size; block *= 2) {
            Value corner = b.where(joins(row, column, block), m, b.scalar(DType.F32, 0));
            Value joined = block == 1 ? corner : b.matMul(b.matMul(inverse, corner), inverse);
            inverse = b.add(inverse, joined);
        }
        return inverse;
    }

    /** True in the lower left quarter of each diagonal block of twice the size. */
    private Value joins(Value row, Value column, int block) {
        Value twice = b.scalar(DType.I64, 2.0 * block);
        Value once = b.scalar(DType.I64, block);
        Value sameBlock = b.binary(BinaryKind.EQUAL, b.div(row, twice), b.div(column, twice));
        Value below = b.binary(BinaryKind.LESS, b.div(column, once), b.div(row, once));
        return b.binary(BinaryKind.AND, sameBlock, below);
    }
}
