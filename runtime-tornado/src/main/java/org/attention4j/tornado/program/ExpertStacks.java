package org.attention4j.tornado.program;

import java.util.ArrayList;
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

/** What is done with stacks of experts' matrices as they are stored. */
public final class ExpertStacks {
    /** What stands in for floats where matrices are in bytes. */
    private static final Expr.Load IN_BYTES =
            new Expr.Load(new Buffer(Bank.FLOATS, Rows.ABSOLUTE, 0, 0), Access.dense(Rows.ABSOLUTE, 0, new int[0]));

    private ExpertStacks() {}

    /**
     * Products with the matrices of chosen experts: {@code x [..., choices or 1, inner]}, {@code ids [..., choices]}, {@code stack
     * [experts, rows, inner]}, and {@code bias [experts, rows]} and {@code weights [..., choices]} if the composite has them.
     *
     * @param weighted whether a token's products are summed up by weights
     * @param types the kernel's types of stacks that are read as they are stored, if they are constants
     */
    public static void products(
            Lowerer l, Kernel kernel, Composite composite, boolean weighted, Map<DType, Integer> types) {
        Value y = composite.outputs().getFirst();
        int[] dims = l.dims(y);
        int[] stackDims = l.dims(composite.input("stack"));
        int[] idDims = l.dims(composite.input("ids"));
        int choices = idDims[idDims.length - 1];
        int inner = stackDims[2];
        Value vectors = composite.input("x");
        int shared = l.dims(vectors)[idDims.length - 1] == 1 ? 0 : 1;
        Expr.Load x = l.rows(vectors);
        Expr.Load ids = l.rows(composite.input("ids"));
        Expr.Load weights = composite.findInput("weights").map(l::rows).orElseGet(() -> l.number(1));
        Optional<Value> biases = composite.findInput("bias");
        Expr.Load bias = biases.map(l::rows).orElseGet(() -> l.number(0));
        Stack stack = stack(l, composite.input("stack"), types);
        Expr.Load result = l.allocate(true, dims);
        int elements = Math.toIntExact(Held.elements(dims));
        if (elements > 0) {
            Row row = new Row()
                    .add(elements, stackDims[1], choices, weighted ? choices : 1, stackDims[0])
                    .add(stack.weight.type(), stack.weight.offset(), stack.weight.rowSize(), inner)
                    .add(x.access().withStrides(shared == 0 ? inner : choices * inner, shared * inner))
                    .add(ids.access().withStrides(choices, 1))
                    .add(weighted ? weights.access().withStrides(choices, 1) : weights.access())
                    .add(biases.isPresent() ? bias.access().withStrides(stackDims[1], 1) : bias.access())
                    .add(stack.floats.access().withStrides())
                    .add(result.access().withStrides());
            List<Buffer> reads = new ArrayList<>(Buffers.of(x, ids, weights, bias, stack.floats));
            l.emitter.launch(kernel, stack.weight.array(), row, kernel.itemsFor(elements), reads, result.buffer());
        }
        l.define(y, new Held(result, dims));
    }

    /** Matrices in bytes, or in floats. */
    private record Stack(Weight weight, Expr.Load floats) {}

    private static Stack stack(Lowerer l, Value v, Map<DType, Integer> types) {
        int[] dims = l.dims(v);
        Optional<PrimitiveOp.Constant> stored =
                l.constant(v).filter(c -> types.containsKey(c.value().dtype()));
        if (stored.isEmpty()) {
            return new Stack(new Weight(LinearKernel.F32, 0, 0, dims[2], dims[2]), l.rows(v));
        }
        Tensor t = stored.get().value();
        Machine.Place place = l.constants.bytes(stored.get().label(), t);
        int rowBytes = Math.toIntExact(t.dtype().byteSize(t.shape()) / Math.max(1, (long) dims[0] * dims[1]));
        int type = Optional.ofNullable(types.get(t.dtype())).orElseThrow();
        return new Stack(new Weight(type, place.array(), place.offset(), rowBytes, dims[2]), IN_BYTES);
    }
}
