package org.attention4j.core.mixer.attention;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * The buckets of relative positions that T5 learns a bias for (Raffel et al. 2020, section 2.1): near distances have one each,
 * farther ones share buckets that grow geometrically up to {@code maxDistance}, beyond which all share the last.
 *
 * <p>Inputs: {@code query_positions I64[batch, seq]}, {@code key_positions I64[batch, keys]}. Result:
 * {@code I64[batch, seq, keys]}.
 *
 * @param bidirectional whether keys after the query have buckets of their own, the upper half; else they count as distance 0
 * @param numBuckets in all
 * @param maxDistance where the last bucket begins
 */
public record T5Buckets(boolean bidirectional, int numBuckets, int maxDistance) implements CompositeOp {
    public T5Buckets {
        int perSide = bidirectional ? numBuckets / 2 : numBuckets;
        if (perSide < 2 || maxDistance <= perSide / 2) {
            throw new IllegalArgumentException(
                    "t5_buckets: got numBuckets %d, maxDistance %d; expected at least 2 per side"
                            .formatted(numBuckets, maxDistance));
        }
    }

    @Override
    public String name() {
        return "t5_buckets";
    }

    @Override
    public List<String> inputNames() {
        return ImmutableList.of("query_positions", "key_positions");
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
        Dim batch = in.get(0).dim(0);
        AttentionTypes.requireType(
                name(),
                "query_positions",
                in.get(0),
                TensorType.of(DType.I64, batch, in.get(0).dim(-1)));
        AttentionTypes.requireType(
                name(),
                "key_positions",
                in.get(1),
                TensorType.of(DType.I64, batch, in.get(1).dim(-1)));
        return ImmutableList.of(
                TensorType.of(DType.I64, batch, in.get(0).dim(-1), in.get(1).dim(-1)));
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> in) {
        Value after = b.sub(b.unsqueeze(in.get(1), 1), b.unsqueeze(in.get(0), 2));
        Value zero = b.scalar(DType.I64, 0);
        Value distance = bidirectional
                ? b.unary(UnaryKind.ABS, after)
                : b.binary(BinaryKind.MAX, b.unary(UnaryKind.NEG, after), zero);
        long[] limits = lowerBounds();
        Value bounds = b.constant("bounds", Tensor.i64(Shape.of(limits.length), limits));
        Value reached = b.binary(BinaryKind.LESS_EQUAL, bounds, b.unsqueeze(distance, -1));
        Value bucket = b.reduce(ReduceKind.SUM, b.cast(reached, DType.I64), false, -1);
        if (bidirectional) {
            Value isAfter = b.cast(b.binary(BinaryKind.LESS, zero, after), DType.I64);
            int half = numBuckets / 2;
            bucket = b.add(bucket, b.mul(isAfter, half));
        }
        return ImmutableList.of(bucket);
    }

    /** The least distance of each bucket but the first. */
    private long[] lowerBounds() {
        int perSide = bidirectional ? numBuckets / 2 : numBuckets;
        int exact = perSide / 2;
        long[] bounds = new long[perSide - 1];
        for (int i = 1; i < perSide; i++) {
            double share = (double) (i - exact) / (perSide - exact);
            // Where the bound is a whole number, rounding must not put it above.
            double bound = exact * Math.pow((double) maxDistance / exact, share) - 1e-9;
            bounds[i - 1] = i <= exact ? i : (long) Math.ceil(bound);
        }
        return bounds;
    }
}
