package org.attention4j.core.reference;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;

/**
 * Computes single primitives.
 *
 * @param conversions for constants
 * @param threads how many threads a large op may use
 */
record Primitives(Conversions conversions, int threads) {
    /**
     * The results of {@code op}.
     *
     * @param dtype the first result's dtype
     * @param out the first result's shape
     * @throws IllegalArgumentException if the inputs' values are none that the op works with
     */
    List<? extends Held> compute(PrimitiveOp op, List<Held> in, DType dtype, Shape out, Map<String, Long> symbols) {
        return switch (op) {
            case PrimitiveOp.Constant c -> List.of(new Stored(c.value(), conversions));
            case PrimitiveOp.Iota i -> List.of(iota(out));
            case PrimitiveOp.SizeOf s ->
                List.of(new Longs(out, new long[] {s.dim().evaluate(symbols)}));
            case PrimitiveOp.Gather g -> List.of(Movement.gather(in.get(0), (Longs) load(in, 1), g.axis(), out));
            case PrimitiveOp.TopK t -> Reductions.topK(t, load(in, 0), out);
            case PrimitiveOp.Dequantize d -> List.of(load(in, 0));
            case PrimitiveOp.Unary u -> wrapped(dtype, Elementwise.unary(u.kind(), load(in, 0)));
            case PrimitiveOp.Binary b -> wrapped(dtype, Elementwise.binary(b.kind(), load(in, 0), load(in, 1), out));
            case PrimitiveOp.Where w -> List.of(Elementwise.where(load(in, 0), load(in, 1), load(in, 2), out));
            case PrimitiveOp.Cast c -> wrapped(dtype, Elementwise.cast(load(in, 0), c.dtype()));
            case PrimitiveOp.Reduce r -> wrapped(dtype, Reductions.reduce(r.kind(), load(in, 0), r.axes(), out));
            case PrimitiveOp.CumSum c -> wrapped(dtype, Reductions.cumSum(c, load(in, 0)));
            case PrimitiveOp.MatMul m -> List.of(matMul(m, load(in, 0), load(in, 1), out));
            case PrimitiveOp.GatherElements g ->
                List.of(Movement.gatherElements(load(in, 0), (Longs) load(in, 1), g.axis(), out));
            case PrimitiveOp.ScatterAdd s ->
                wrapped(dtype, Movement.scatterAdd(load(in, 0), (Longs) load(in, 1), load(in, 2), s.axis()));
            case PrimitiveOp.Slice s -> List.of(Movement.slice(load(in, 0), s.axis(), s.start(), s.step(), out));
            case PrimitiveOp.Concat c ->
                List.of(Movement.concat(in.stream().map(Held::load).toList(), c.axis(), out));
            case PrimitiveOp.Transpose t -> List.of(Movement.transpose(load(in, 0), t.permutation(), out));
            case PrimitiveOp.Reshape r -> List.of(load(in, 0).reshape(out));
            case PrimitiveOp.Broadcast b -> List.of(Strides.broadcast(load(in, 0), out));
            case PrimitiveOp.Pad p -> List.of(Movement.pad(load(in, 0), p.axis(), p.before(), p.value(), out));
        };
    }

    private static Array load(List<Held> in, int index) {
        return in.get(index).load();
    }

    private static List<Array> wrapped(DType dtype, Array values) {
        return List.of(Elementwise.wrap(values, dtype));
    }

    private static Longs iota(Shape shape) {
        return new Longs(
                shape, IntStream.range(0, Array.count(shape)).asLongStream().toArray());
    }

    private Doubles matMul(PrimitiveOp.MatMul op, Array a, Array b, Shape out) {
        return MatMul.multiply((Doubles) a, (Doubles) b, op.transposeB(), out, threads);
    }
}
