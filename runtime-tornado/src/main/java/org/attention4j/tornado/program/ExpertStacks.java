package org.attention4j.tornado.program;

import java.util.Map;
import java.util.Optional;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.tornado.kernel.LinearKernel;
import org.attention4j.tornado.kernel.Rows;
import org.attention4j.tornado.machine.Machine;

/** What is done with stacks of experts' matrices as they are stored. */
public final class ExpertStacks {
    private ExpertStacks() {}

    /**
     * Products with the matrices of chosen experts: {@code x [..., choices or 1, inner]}, {@code ids [..., choices]}, {@code stack
     * [experts, rows, inner]}, and {@code bias [experts, rows]} and {@code weights [..., choices]} if the composite has them.
     *
     * @param weighted whether a token's products are summed up by weights
     * @param types the kernel's types of stacks that are read as they are stored, if they are constants
     */
    public static void products(Lowerer l, Composite composite, boolean weighted, Map<DType, Integer> types) {
        Value y = composite.outputs().getFirst();
        int[] dims = l.dims(y);
        int last = dims.length - 1;
        int[] stackDims = l.dims(composite.input("stack"));
        Value vectors = composite.input("x");
        Expr.Load x = l.rows(vectors);
        Expr.Load ids = l.rows(composite.input("ids"));
        Expr.Load one = l.number(1, dims.length);
        Expr.Load zero = l.number(0, dims.length);
        Optional<Expr.Load> weights = composite.findInput("weights").map(l::rows);
        Optional<Expr.Load> bias = composite.findInput("bias").map(l::rows);
        Stack stack = stack(l, composite.input("stack"), types);
        int[] xDims = l.get(vectors).dims();
        int choices = l.get(composite.input("ids")).dims()[xDims.length - 2];
        // x at the element's token and choice, or at the token's first choice.
        Access first = x.access().broadcast(xDims, withChoices(xDims, choices)).zero(xDims.length - 1);
        int ofChoice = first.stride(xDims.length - 2);
        Choice choice = new Choice(
                perRow(ids, weighted),
                stackDims[0],
                stack.weight.rowSize() * stackDims[1] * (stack.isFloat ? stackDims[2] : 1),
                weighted ? choices : 1,
                weighted ? ofChoice : 0,
                weights.map(w -> perRow(w, true)).orElse(one),
                bias.map(b -> new Expr.Load(
                                b.buffer(), b.access().withoutAxis(0).insert(0, last)))
                        .orElse(zero),
                bias.isPresent() ? stackDims[1] : 0);
        Expr product = new Expr.Product(
                x.buffer(),
                weighted ? first.withoutAxis(xDims.length - 2) : first,
                stack.isFloat ? stack.floats.buffer() : Weights.BYTES,
                stack.isFloat
                        ? stack.floats.access().withoutAxis(2).withoutAxis(0).insert(0, last)
                        : Weights.alongLast(Rows.ABSOLUTE, 0, dims.length, 1),
                stack.weight,
                Optional.of(choice));
        l.defineExpression(y, new Held(product, dims));
    }

    private static int[] withChoices(int[] dims, int choices) {
        int[] with = dims.clone();
        with[dims.length - 2] = choices;
        return with;
    }

    /** {@code [..., choices]} for each row of each choice, or for each row of a token at its first choice. */
    private static Expr.Load perRow(Expr.Load ofChoices, boolean atFirst) {
        Access a = ofChoices.access();
        int rank = a.rank();
        return new Expr.Load(
                ofChoices.buffer(), (atFirst ? a.withoutAxis(rank - 1) : a).insert(atFirst ? rank - 1 : rank, 1));
    }

    /** Matrices in bytes, or in floats; {@code floats} stands for those. */
    private record Stack(Weight weight, boolean isFloat, Expr.Load floats) {}

    private static Stack stack(Lowerer l, Value v, Map<DType, Integer> types) {
        int[] dims = l.dims(v);
        Optional<PrimitiveOp.Constant> stored =
                l.constant(v).filter(c -> types.containsKey(c.value().dtype()));
        if (stored.isEmpty()) {
            return new Stack(new Weight(LinearKernel.F32, 0, 0, 1, dims[2]), true, l.rows(v));
        }
        Tensor t = stored.get().value();
        Machine.Place place = l.constants.bytes(stored.get().label(), t);
        int rowBytes = Math.toIntExact(t.dtype().byteSize(t.shape()) / Math.max(1, (long) dims[0] * dims[1]));
        int type = Optional.ofNullable(types.get(t.dtype())).orElseThrow();
        return new Stack(new Weight(type, place.array(), place.offset(), rowBytes, dims[2]), false, l.number(0));
    }
}
