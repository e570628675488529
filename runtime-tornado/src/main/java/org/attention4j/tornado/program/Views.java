package org.attention4j.tornado.program;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.Value;
import org.attention4j.tornado.kernel.Code;

/** Primitives that move elements: other accesses where that is enough. */
final class Views {
    private Views() {}

    static Held reshape(Lowerer l, Value x, int[] dims) {
        Held held = l.get(x);
        if (held.elements() != Held.elements(dims)) {
            throw new BackendException("%s: %s can't be reshaped to %s"
                    .formatted(l.emitter.label(), Arrays.toString(held.dims()), Arrays.toString(dims)));
        }
        Optional<Expr> same = held.expr().change(a -> a.reshape(held.dims(), dims));
        if (same.isPresent()) {
            return new Held(same.get(), dims);
        }
        Expr.Load stored = l.stored(x);
        Optional<Expr> moved = stored.change(a -> a.reshape(held.dims(), dims));
        if (moved.isPresent()) {
            return new Held(moved.get(), dims);
        }
        // In memory, but not in an order that the new dims go through in even steps.
        Expr.Load copy = l.copy(new Held(stored, held.dims()));
        return new Held(copy.map(a -> a.reshape(held.dims(), dims).orElseThrow()), dims);
    }

    static Held broadcast(Lowerer l, Value x, int[] dims) {
        Held held = l.get(x);
        if (Codes.isCostly(held.expr()) && Held.elements(dims) > held.elements()) {
            l.stored(x);
        }
        return new Held(l.get(x).expr().map(a -> a.broadcast(held.dims(), dims)), dims);
    }

    static Held transpose(Held x, List<Integer> order, int[] dims) {
        return new Held(x.expr().map(a -> a.transpose(order)), dims);
    }

    static Held slice(Held x, PrimitiveOp.Slice s, int[] dims) {
        int size = x.dims()[s.axis()];
        int count = dims[s.axis()];
        if (s.start() > size || (count > 0 && s.start() + (count - 1) * s.step() >= size)) {
            throw new BackendException("%d entries from %d by %d don't fit into dimension %d of %s"
                    .formatted(count, s.start(), s.step(), s.axis(), Arrays.toString(x.dims())));
        }
        if (count == 0) {
            return new Held(x.expr(), dims);
        }
        int step = count > 1 ? (int) s.step() : 1;
        return new Held(x.expr().map(a -> a.slice(s.axis(), (int) s.start(), step)), dims);
    }

    /** Each part is computed where it belongs. */
    static Held concat(Lowerer l, List<Value> parts, int axis, int[] dims) {
        if (parts.size() == 1) {
            return l.get(parts.getFirst());
        }
        Expr.Load whole = l.allocate(l.get(parts.getFirst()).expr().isFloat(), dims);
        int at = 0;
        for (Value v : parts) {
            Held part = l.get(v);
            if (part.elements() > 0) {
                Access to = whole.access().slice(axis, at, 1);
                l.emitter.map(part.expr(), part.dims(), new Expr.Load(own(whole.buffer(), to, part, axis), to));
            }
            at += part.dims()[axis];
        }
        return new Held(whole, dims);
    }

    /** The memory that a part takes if it lies in one piece: parts of pieces of their own can be computed in one launch. */
    private static Buffer own(Buffer whole, Access to, Held part, int axis) {
        for (int d = 0; d < axis; d++) {
            if (part.dims()[d] != 1) {
                return whole;
            }
        }
        return new Buffer(whole.bank, whole.base, to.offset(), part.elements());
    }

    /** The padding where the index, less what is before, is out of range. */
    static Held pad(Lowerer l, Value v, PrimitiveOp.Pad p, int[] dims) {
        Expr.Load x = l.stored(v);
        int size = l.get(v).dims()[p.axis()];
        int rank = dims.length;
        Expr padding = x.isFloat() ? l.number((float) p.value(), rank) : new Expr.Whole((int) p.value());
        if (size == 0) {
            return new Held(padding, dims);
        }
        Expr index = Expr.apply(
                Code.INT_SUB, false, Lowerer.along(p.axis(), rank), new Expr.Whole(Math.toIntExact(p.before())));
        int stride = x.access().stride(p.axis());
        Expr entry = new Expr.Gathered(x.buffer(), x.access().zero(p.axis()), stride, size, true, index);
        Expr inside = Expr.apply(
                Code.INT_MIN,
                false,
                Expr.apply(Code.INT_LESS_EQUAL, false, new Expr.Whole(0), index),
                Expr.apply(Code.INT_LESS, false, index, new Expr.Whole(size)));
        return new Held(Codes.where(inside, entry, padding), dims);
    }

    static Held gather(Lowerer l, List<Value> in, int axis, int[] dims) {
        Held indices = index(l, in.get(1));
        Expr.Load x = l.stored(in.get(0));
        int[] from = l.get(in.get(0)).dims();
        int indexRank = indices.dims().length;
        Access entry = x.access().withoutAxis(axis).insert(axis, indexRank);
        Expr index = indices.expr()
                .map(a -> a.insert(indexRank, from.length - 1 - axis).insert(0, axis));
        return new Held(new Expr.Gathered(x.buffer(), entry, x.access().stride(axis), from[axis], false, index), dims);
    }

    static Held gatherElements(Lowerer l, List<Value> in, int axis, int[] dims) {
        Held indices = index(l, in.get(1));
        Expr.Load x = l.stored(in.get(0));
        int[] from = l.get(in.get(0)).dims();
        int size = from[axis];
        int[] across = from.clone();
        across[axis] = dims[axis];
        Access entry = x.access().zero(axis).broadcast(across, dims);
        Expr index = indices.expr().map(a -> a.broadcast(indices.dims(), dims));
        return new Held(new Expr.Gathered(x.buffer(), entry, x.access().stride(axis), size, false, index), dims);
    }

    /** An index that leaves room for other instructions beside it. */
    private static Held index(Lowerer l, Value v) {
        if (Codes.isCostly(l.get(v).expr())) {
            l.stored(v);
        }
        return l.get(v);
    }
}
