package org.attention4j.loaders.onnx.op;

import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;

/** All entries of a vector in order, where their number is only known when the graph runs. */
final class Sorting {
    private Sorting() {}

    /**
     * The entries in falling order, or rising, of equal ones the first one first; and their indices. Each entry's place is the
     * number of entries before it, so n entries take n² comparisons.
     */
    static List<Value> sorted(GraphBuilder b, Value x, boolean falling) {
        Dim n = x.type().dim(0);
        Dim one = Dim.of(1);
        Value mine = b.reshape(x, n, one);
        Value other = b.reshape(x, one, n);
        Value isBefore = falling ? b.binary(BinaryKind.LESS, mine, other) : b.binary(BinaryKind.LESS, other, mine);
        Value numbers = b.iota(n);
        Value isEarlier = b.binary(BinaryKind.LESS, b.reshape(numbers, one, n), b.reshape(numbers, n, one));
        Value isEqual = b.binary(BinaryKind.AND, b.binary(BinaryKind.EQUAL, mine, other), isEarlier);
        Value counted = b.cast(b.binary(BinaryKind.OR, isBefore, isEqual), DType.I64);
        Value places = b.reduce(ReduceKind.SUM, counted, false, 1);
        Value order = b.scatterAdd(b.broadcast(b.scalar(DType.I64, 0), List.of(n)), places, numbers, 0);
        return List.of(b.gather(x, order, 0), order);
    }
}
