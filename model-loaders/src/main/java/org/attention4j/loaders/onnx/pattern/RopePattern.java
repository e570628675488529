package org.attention4j.loaders.onnx.pattern;

import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.GraphRewrite;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.rope.Rope;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;

/**
 * {@code x ⊙ cos + rotate_half(x) ⊙ sin} as Hugging Face's models write it: x {@code [batch, heads, seq, dim]}, cos and sin {@code
 * [batch | 1, 1, seq, dim]} of which both halves are the same, because they are made of {@code concat(f, f)}.
 */
final class RopePattern implements GraphRewrite.Rule {
    private static final long MOST_ENTRIES = 1 << 24;

    private final Source source;

    RopePattern(Source source) {
        this.source = source;
    }

    @Override
    public Optional<GraphRewrite.Replacement> of(Op op) {
        if (!(op instanceof Primitive p) || !p.op().equals(new PrimitiveOp.Binary(BinaryKind.ADD))) {
            return Optional.empty();
        }
        Value out = p.outputs().getFirst();
        boolean fits = out.type().rank() == 4
                && out.type().dim(3) instanceof Dim.Fixed(long size)
                && size >= 2
                && size % 2 == 0;
        if (!fits) {
            return Optional.empty();
        }
        return rotated(out, p.inputs().get(0), p.inputs().get(1))
                .or(() -> rotated(out, p.inputs().get(1), p.inputs().get(0)));
    }

    private Optional<GraphRewrite.Replacement> rotated(Value out, Value straight, Value turned) {
        Optional<List<Value>> first = source.binary(straight, BinaryKind.MUL);
        Optional<List<Value>> second = source.binary(turned, BinaryKind.MUL);
        if (first.isEmpty() || second.isEmpty()) {
            return Optional.empty();
        }
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 2; j++) {
                Value x = first.get().get(i);
                Value cos = first.get().get(1 - i);
                Value sin = second.get().get(1 - j);
                boolean fits = x.type().equals(out.type())
                        && isHalfTurn(second.get().get(j), x)
                        && isTable(cos, x)
                        && isTable(sin, x);
                if (fits) {
                    return Optional.of((b, now) -> List.of(write(b, now.apply(x), now.apply(cos), now.apply(sin))));
                }
            }
        }
        return Optional.empty();
    }

    private static Value write(GraphBuilder b, Value x, Value cos, Value sin) {
        int rotaryDim = Math.toIntExact(x.type().fixedDim(3));
        Value tokens = b.cast(b.transpose(x, 0, 2, 1, 3), DType.F32);
        Value y = b.apply(new Rope(RopeStyle.HALF, rotaryDim), tokens, half(b, x, cos), half(b, x, sin));
        return b.transpose(b.cast(y, x.type().dtype()), 0, 2, 1, 3);
    }

    /** {@code [batch, seq, dim / 2]}. */
    private static Value half(GraphBuilder b, Value x, Value table) {
        Dim size = Dim.of(x.type().fixedDim(3) / 2);
        Value part = b.slice(table, -1, 0, x.type().fixedDim(3) / 2);
        Value rows =
                b.reshape(b.cast(part, DType.F32), part.type().dim(0), x.type().dim(2), size);
        return b.broadcast(rows, List.of(x.type().dim(0), x.type().dim(2), size));
    }

    /** {@code concat(−x[dim/2:], x[:dim/2])}. */
    private boolean isHalfTurn(Value v, Value x) {
        if (!(source.producer(v) instanceof Primitive(PrimitiveOp.Concat c, List<Value> in, List<Value> out))
                || c.axis() != 3
                || in.size() != 2) {
            return false;
        }
        long size = x.type().fixedDim(3);
        Optional<Value> upper = source.unary(in.get(0), UnaryKind.NEG);
        return upper.isPresent() && isSlice(upper.get(), x, size / 2, size) && isSlice(in.get(1), x, 0, size / 2);
    }

    private boolean isSlice(Value v, Value x, long start, long end) {
        return source.producer(v) instanceof Primitive(PrimitiveOp.Slice s, List<Value> in, List<Value> out)
                && in.getFirst().equals(x)
                && s.axis() == 3
                && s.step() == 1
                && s.start() == start
                && Math.min(s.end(), x.type().fixedDim(3)) == end;
    }

    private boolean isTable(Value table, Value x) {
        List<Dim> dims = table.type().dims();
        return dims.size() == 4
                && dims.get(1).equals(Dim.of(1))
                && dims.get(2).equals(x.type().dim(2))
                && dims.get(3).equals(x.type().dim(3))
                && (dims.get(0).equals(Dim.of(1)) || dims.get(0).equals(x.type().dim(0)))
                && hasEqualHalves(table, 12);
    }

    /** Whether the last dimension was made by putting a value beside itself, and only changed entry by entry since. */
    private boolean hasEqualHalves(Value v, int depth) {
        Op made = source.producer(v);
        if (depth == 0 || made == null || made instanceof Composite || !(made instanceof Primitive p)) {
            return false;
        }
        return switch (p.op()) {
            case PrimitiveOp.Concat c ->
                c.axis() == v.type().rank() - 1
                        && p.inputs().size() == 2
                        && source.same(p.inputs().get(0), p.inputs().get(1));
            case PrimitiveOp.Constant c -> hasEqualHalves(c.value());
            case PrimitiveOp.Unary u -> hasEqualHalves(p.inputs().getFirst(), depth - 1);
            case PrimitiveOp.Cast c -> hasEqualHalves(p.inputs().getFirst(), depth - 1);
            case PrimitiveOp.Binary b ->
                source.scaled(v).map(s -> hasEqualHalves(s.x(), depth - 1)).orElse(false);
            case PrimitiveOp.Reshape r ->
                keepsLast(p.inputs().getFirst(), v) && hasEqualHalves(p.inputs().getFirst(), depth - 1);
            case PrimitiveOp.Gather g ->
                g.axis() == 0
                        && p.inputs().getFirst().type().rank() == 2
                        && hasEqualHalves(p.inputs().getFirst(), depth - 1);
            case PrimitiveOp.Slice s ->
                s.axis() != v.type().rank() - 1 && hasEqualHalves(p.inputs().getFirst(), depth - 1);
            default -> false;
        };
    }

    /** Tables that exporters have computed. */
    private static boolean hasEqualHalves(Tensor table) {
        int rank = table.shape().rank();
        long size = rank == 0 ? 1 : table.shape().dim(rank - 1);
        if (size % 2 != 0 || table.dtype().isQuantized() || table.shape().elements() > MOST_ENTRIES) {
            return false;
        }
        for (long i = 0; i < table.shape().elements(); i++) {
            if (i % size < size / 2 && table.getDouble(i) != table.getDouble(i + size / 2)) {
                return false;
            }
        }
        return true;
    }

    private static boolean keepsLast(Value from, Value to) {
        return from.type().rank() > 0 && from.type().dim(-1).equals(to.type().dim(-1));
    }
}
