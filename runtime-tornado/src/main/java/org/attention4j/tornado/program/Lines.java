package org.attention4j.tornado.program;

import java.util.Arrays;
import java.util.List;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.Value;
import org.attention4j.tornado.kernel.LineKernels;
import org.attention4j.tornado.machine.Kernel;

/** Primitives that go along an axis entry by entry. */
final class Lines {
    static final Kernel RUNNING_SUMS = Kernel.of("runningSums", 64, false, LineKernels::runningSums);
    static final Kernel SCATTER_ADD = Kernel.of("scatterAdd", 64, false, LineKernels::scatterAdd);
    static final Kernel TOP_K = Kernel.of("topK", 64, false, LineKernels::topK);

    private Lines() {}

    static int[] without(int[] dims, int axis) {
        int[] rest = new int[dims.length - 1];
        for (int d = 0; d < rest.length; d++) {
            rest[d] = dims[d < axis ? d : d + 1];
        }
        return rest;
    }

    /** The access with the strides of the other dims first, then that of the axis. */
    static Access axisLast(Access a, int axis) {
        int[] s = new int[a.rank()];
        for (int d = 0; d < s.length - 1; d++) {
            s[d] = a.stride(d < axis ? d : d + 1);
        }
        s[s.length - 1] = a.stride(axis);
        return a.withStrides(s);
    }

    private static void launch(
            Lowerer l, Kernel kernel, int[] dims, int axis, int extra, boolean isFloat, Expr.Load... operands) {
        int[] others = without(dims, axis);
        long lines = Held.elements(others);
        if (lines == 0 || dims[axis] == 0) {
            return;
        }
        Row row = new Row()
                .add(Math.toIntExact(lines), dims[axis], others.length, extra, isFloat ? 0 : 1)
                .addDims(others);
        for (Expr.Load o : operands) {
            row.add(axisLast(o.access(), axis));
        }
        // Which of them are written, the kernels know: all count as written.
        Buffer[] buffers = Arrays.stream(operands).map(Expr.Load::buffer).toArray(Buffer[]::new);
        l.emitter.launch(
                kernel,
                row,
                kernel.itemsFor(kernel.equals(TOP_K) ? lines * dims[axis] : lines),
                List.of(buffers),
                buffers);
    }

    private static Expr.Load reverse(Expr.Load x, int axis, int size) {
        return new Expr.Load(x.buffer(), x.access().reverse(axis, size));
    }

    static Held runningSums(Lowerer l, Value v, PrimitiveOp.CumSum op) {
        Expr.Load x = l.stored(v);
        int[] dims = l.get(v).dims();
        int axis = op.axis();
        Expr.Load y = l.allocate(x.isFloat(), dims);
        Expr.Load from = op.reverse() ? reverse(x, axis, dims[axis]) : x;
        Expr.Load to = op.reverse() ? reverse(y, axis, dims[axis]) : y;
        launch(l, RUNNING_SUMS, dims, axis, op.exclusive() ? 1 : 0, x.isFloat(), from, to, to);
        return new Held(y, dims);
    }

    /** In place if nobody else needs what was there. */
    static Held scatterAdd(Lowerer l, List<Value> in, int axis) {
        Value v = in.get(0);
        Expr.Load indices = l.stored(in.get(1));
        Expr.Load updates = l.stored(in.get(2));
        int[] dims = l.get(v).dims();
        int[] indexDims = l.get(in.get(1)).dims();
        for (int d = 0; d < dims.length; d++) {
            if (d != axis && indexDims[d] > dims[d]) {
                throw new BackendException("%s: indices reach beyond dimension %d: %d, expected at most %d"
                        .formatted(l.emitter.label(), d, indexDims[d], dims[d]));
            }
        }
        Expr.Load to = l.toOverwrite(v);
        launch(l, SCATTER_ADD, indexDims, axis, dims[axis], to.isFloat(), to, indices, updates);
        return new Held(to, dims);
    }

    static void topK(Lowerer l, Value v, List<Value> out, PrimitiveOp.TopK op) {
        Expr.Load x = l.stored(v);
        int[] from = l.get(v).dims();
        if (op.k() > from[op.axis()]) {
            throw new BackendException("%s: k = %d is above the size %d of dimension %d"
                    .formatted(l.emitter.label(), op.k(), from[op.axis()], op.axis()));
        }
        int[] dims = l.dims(out.get(0));
        Expr.Load values = l.allocate(x.isFloat(), dims);
        Expr.Load indices = l.allocate(false, dims);
        if (Largest.isFor(x.isFloat(), from[op.axis()], op.k())) {
            Largest.launch(l, x, from, op.axis(), op.k(), values, indices);
        } else {
            // One work-item for each entry, not for each line.
            launch(l, TOP_K, from, op.axis(), op.k(), x.isFloat(), x, values, indices);
        }
        l.define(out.get(0), new Held(values, dims));
        l.define(out.get(1), new Held(indices, dims));
    }
}
