package org.attention4j.tornado.program;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.tornado.kernel.LinearKernel;
import org.attention4j.tornado.kernel.Rows;
import org.attention4j.tornado.machine.Bank;
import org.attention4j.tornado.machine.Kernel;
import org.attention4j.tornado.machine.Machine;

/** What is done with weights as they are stored. */
final class Weights {
    /** Weights in bytes are constants: nothing that is written overlaps them. */
    static final Buffer BYTES = new Buffer(Bank.FLOATS, Rows.ABSOLUTE, 0, 0);

    private Weights() {}

    /**
     * Products of x's rows with a weight's rows, of the dims of x with the number of the weight's rows last.
     *
     * @param types the kernel's types of weights that are read as they are stored, if they are constants
     */
    static Expr product(Lowerer l, Value x, Value weight, Map<DType, Integer> types) {
        int[] xDims = l.get(x).dims();
        int last = xDims.length - 1;
        int[] wDims = l.dims(weight);
        long count = Held.elements(Arrays.copyOf(xDims, last));
        boolean many = count >= Gemm.FEWEST && wDims[0] > 0;
        Optional<PrimitiveOp.Constant> stored =
                l.constant(weight).filter(c -> types.containsKey(c.value().dtype()));
        if (stored.isPresent()) {
            Weight w = stored(l, stored.get(), types, wDims);
            if (many) {
                return Gemm.multiply(l, l.rows(x), w, l.number(0), withLast(xDims, wDims[0]));
            }
            Expr.Load rows = inPieces(l, x);
            Access begins = rows.access().zero(last);
            Access column = alongLast(Rows.ABSOLUTE, 0, xDims.length, 1);
            return new Expr.Product(rows.buffer(), begins, BYTES, column, w, Optional.empty());
        }
        Expr.Load floats = inPieces(l, weight);
        Access a = floats.access();
        if (many) {
            Weight w = new Weight(LinearKernel.F32, 0, 0, a.stride(0), wDims[1]);
            return Gemm.multiply(l, l.rows(x), w, floats, withLast(xDims, wDims[0]));
        }
        Expr.Load rows = inPieces(l, x);
        Access column = a.withStrides(
                alongLast(0, 0, xDims.length, a.stride(0)).strides().toArray());
        return new Expr.Product(
                rows.buffer(),
                rows.access().zero(last),
                floats.buffer(),
                column,
                new Weight(LinearKernel.F32, 0, 0, 1, wDims[1]),
                Optional.empty());
    }

    private static int[] withLast(int[] dims, int last) {
        int[] with = dims.clone();
        with[with.length - 1] = last;
        return with;
    }

    /** The value in memory, each row in one piece. */
    private static Expr.Load inPieces(Lowerer l, Value v) {
        int[] dims = l.get(v).dims();
        int last = dims.length - 1;
        Expr.Load rows = l.stored(v);
        return rows.access().stride(last) != 1 && dims[last] > 1 ? l.copy(l.get(v)) : rows;
    }

    private static Weight stored(Lowerer l, PrimitiveOp.Constant c, Map<DType, Integer> types, int[] dims) {
        Tensor t = c.value();
        Machine.Place place = l.constants.bytes(c.label(), t);
        int rowBytes = Math.toIntExact(t.dtype().byteSize(t.shape()) / Math.max(1, dims[0]));
        int type = Optional.ofNullable(types.get(t.dtype())).orElseThrow();
        return new Weight(type, place.array(), place.offset(), rowBytes, dims[1]);
    }

    static Access alongLast(int base, int offset, int rank, int stride) {
        int[] strides = new int[rank];
        strides[rank - 1] = stride;
        return Access.dense(base, offset, new int[rank]).withStrides(strides);
    }

    /** Rows of the constant that is an {@code embedding}'s table; of another table by its decomposition. */
    static void tableRows(Lowerer l, Kernel kernel, Composite composite, Map<DType, Integer> types) {
        Value table = composite.input("table");
        Value y = composite.outputs().getFirst();
        int[] dims = l.dims(y);
        int[] tableDims = l.dims(table);
        Optional<PrimitiveOp.Constant> constant = l.constant(table);
        if (constant.isEmpty()) {
            l.define(y, Views.gather(l, List.of(table, composite.input("ids")), 0, dims));
            return;
        }
        Tensor t = constant.get().value();
        Machine.Place place = l.constants.bytes(constant.get().label(), t);
        Expr.Load ids = l.copy(l.get(composite.input("ids")));
        int count = Math.toIntExact(Held.elements(Arrays.copyOf(dims, dims.length - 1)));
        Expr.Load result = l.allocate(true, dims);
        if (count > 0) {
            Row row = new Row()
                    .add(
                            count,
                            tableDims[1],
                            tableDims[0],
                            Optional.ofNullable(types.get(t.dtype())).orElseThrow(),
                            place.offset(),
                            Math.toIntExact(t.dtype().byteSize(t.shape()) / tableDims[0]))
                    .add(ids.access().withStrides(1))
                    .add(result.access().withStrides(1));
            l.emitter.launch(
                    kernel,
                    place.array(),
                    row,
                    kernel.itemsFor((long) count * tableDims[1]),
                    List.of(ids.buffer()),
                    result.buffer());
        }
        l.define(y, new Held(result, dims));
    }
}
