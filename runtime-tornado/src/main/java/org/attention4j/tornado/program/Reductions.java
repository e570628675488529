package org.attention4j.tornado.program;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.Value;
import org.attention4j.tornado.kernel.ReduceKernel;
import org.attention4j.tornado.machine.Kernel;

/** Reductions, of expressions as they are. */
final class Reductions {
    static final Kernel LINES = Kernel.of("reduceLines", 64, false, ReduceKernel::lines);
    static final Kernel GROUPS = Kernel.of("reduceGroups", ReduceKernel.GROUP, true, ReduceKernel::groups);

    /** With more results than this, a work-item each keeps a device busy. */
    private static final int MANY = 4096;

    private Reductions() {}

    static Held reduce(Lowerer l, Value v, PrimitiveOp.Reduce op, int[] dims) {
        if (!l.get(v).expr().products().isEmpty()) {
            l.stored(v);
        }
        Held x = l.get(v);
        List<Integer> reduced = op.axes().stream().distinct().sorted().toList();
        List<Integer> order = new ArrayList<>(IntStream.range(0, x.dims().length)
                .boxed()
                .filter(i -> !reduced.contains(i))
                .toList());
        int kept = order.size();
        order.addAll(reduced);
        int[] sizes = order.stream().mapToInt(i -> x.dims()[i]).toArray();
        long lines = Held.elements(dims);
        long width = reduced.stream().mapToLong(i -> x.dims()[i]).reduce(1, Math::multiplyExact);
        boolean isFloat = x.expr().isFloat();
        if (width == 0 && lines > 0) {
            if (op.kind() != ReduceKind.SUM) {
                throw new BackendException("%s: %s of no entries".formatted(l.emitter.label(), op.kind()));
            }
            return new Held(isFloat ? l.number(0, dims.length) : new Expr.Whole(0), dims);
        }
        Expr entries = x.expr().map(a -> a.transpose(order));
        Expr.Load result = l.allocate(isFloat, dims);
        if (lines == 0) {
            return new Held(result, dims);
        }
        // The result as if it had the reduced dims too, with steps of 0.
        int[] resultDims = IntStream.range(0, kept).map(i -> sizes[i]).toArray();
        Access to = Access.dense(result.access().base(), result.access().offset(), resultDims)
                .insert(kept, reduced.size());
        Elementwise code = new Elementwise(sizes, List.of());
        int entry = code.register(entries);
        int target = code.target(to);
        boolean groups = isFloat && width >= ReduceKernel.GROUP && lines <= MANY;
        Row row = code.row(
                Math.toIntExact(lines), kept, kind(op.kind()), Math.toIntExact(width), entry, target, isFloat ? 0 : 1);
        if (groups) {
            l.emitter.launch(GROUPS, row, Math.toIntExact(lines) * ReduceKernel.GROUP, x.buffers(), result.buffer());
        } else {
            l.emitter.launch(LINES, row, LINES.itemsFor(lines), x.buffers(), result.buffer());
        }
        return new Held(result, dims);
    }

    private static int kind(ReduceKind kind) {
        return switch (kind) {
            case SUM -> ReduceKernel.SUM;
            case MEAN -> ReduceKernel.MEAN;
            case MAX -> ReduceKernel.MAX;
            case MIN -> ReduceKernel.MIN;
        };
    }
}
