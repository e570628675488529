package org.attention4j.tornado.program;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.List;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.Value;
import org.attention4j.tornado.kernel.Code;
import org.attention4j.tornado.kernel.Rows;

/** What each primitive becomes: another view, an instruction of an expression, or a launch. */
final class Primitives {
    /** Instructions and operands that a launch adds to an expression: stores, and what a reduction needs. */
    private static final int MORE = 4;

    private Primitives() {}

    static void lower(Lowerer l, PrimitiveOp op, List<Value> in, List<Value> out) {
        Value y = out.getFirst();
        int[] dims = l.dims(y);
        switch (op) {
            case PrimitiveOp.Constant c -> l.values.define(y, c);
            case PrimitiveOp.Unary u ->
                elementwise(
                        l,
                        y,
                        ImmutableList.of(in.get(0)),
                        args -> Codes.unary(u.kind(), y.type().dtype(), args[0]));
            case PrimitiveOp.Binary b ->
                elementwise(l, y, in, args -> Codes.binary(b.kind(), y.type().dtype(), args[0], args[1]));
            case PrimitiveOp.Where w -> elementwise(l, y, in, args -> Codes.where(args[0], args[1], args[2]));
            case PrimitiveOp.Cast c ->
                elementwise(l, y, ImmutableList.of(in.get(0)), args -> Codes.cast(c.dtype(), args[0]));
            case PrimitiveOp.Dequantize d -> l.define(y, l.get(in.get(0)));
            case PrimitiveOp.Iota i ->
                l.define(y, new Held(new Expr.Address(Access.dense(Rows.ABSOLUTE, 0, dims)), dims));
            case PrimitiveOp.SizeOf s ->
                l.define(y, new Held(new Expr.Whole(Math.toIntExact(s.dim().evaluate(l.symbols))), dims));
            case PrimitiveOp.Reshape r -> l.define(y, Views.reshape(l, in.get(0), dims));
            case PrimitiveOp.Broadcast b -> l.define(y, Views.broadcast(l, in.get(0), dims));
            case PrimitiveOp.Transpose t -> l.define(y, Views.transpose(l.get(in.get(0)), t.permutation(), dims));
            case PrimitiveOp.Slice s -> l.define(y, Views.slice(l.get(in.get(0)), s, dims));
            case PrimitiveOp.Concat c -> l.define(y, Views.concat(l, in, c.axis(), dims));
            case PrimitiveOp.Pad p -> l.define(y, Views.pad(l, in.get(0), p, dims));
            case PrimitiveOp.Gather g -> l.define(y, Views.gather(l, in, g.axis(), dims));
            case PrimitiveOp.GatherElements g -> l.define(y, Views.gatherElements(l, in, g.axis(), dims));
            case PrimitiveOp.ScatterAdd s -> l.define(y, Lines.scatterAdd(l, in, s.axis()));
            case PrimitiveOp.CumSum c -> l.define(y, Lines.runningSums(l, in.get(0), c));
            case PrimitiveOp.TopK t -> Lines.topK(l, in.get(0), out, t);
            case PrimitiveOp.Reduce r -> l.define(y, Reductions.reduce(l, in.get(0), r, dims));
            case PrimitiveOp.MatMul m -> l.define(y, Products.multiply(l, in.get(0), in.get(1), m.transposeB(), dims));
        }
    }

    /** Makes an instruction of expressions. */
    private interface Instruction {
        Expr of(Expr[] args);
    }

    private static void elementwise(Lowerer l, Value y, List<Value> in, Instruction instruction) {
        int[] dims = l.dims(y);
        long elements = Held.elements(dims);
        for (Value v : in) {
            Held x = l.get(v);
            long repeats = x.expr().products().isEmpty() ? 4 : 2;
            if (elements >= repeats * x.elements() && Codes.isCostly(x.expr())) {
                l.stored(v);
            }
        }
        Expr[] args = broadcast(l, in, dims);
        Expr result = instruction.of(args);
        while (!Emitter.fits(result, MORE)) {
            int largest = 0;
            for (int i = 1; i < args.length; i++) {
                largest = size(args[i]) > size(args[largest]) ? i : largest;
            }
            l.stored(in.get(largest));
            args = broadcast(l, in, dims);
            result = instruction.of(args);
        }
        l.define(y, new Held(result, dims));
        // What several ops read is computed once, unless that is as cheap as to read it.
        if (l.values.isShared(y) && !l.isOneExpression() && (Codes.isCostly(result) || result.operands() > 1)) {
            l.stored(y);
        }
    }

    private static int size(Expr e) {
        return e.nodes().size() + Code.MOST * e.products().size();
    }

    private static Expr[] broadcast(Lowerer l, List<Value> in, int[] dims) {
        Expr[] args = new Expr[in.size()];
        for (int i = 0; i < args.length; i++) {
            Held x = l.get(in.get(i));
            args[i] = Arrays.equals(x.dims(), dims) ? x.expr() : x.expr().map(a -> a.broadcast(x.dims(), dims));
        }
        return args;
    }
}
