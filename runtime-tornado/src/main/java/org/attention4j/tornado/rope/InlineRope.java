package org.attention4j.tornado.rope;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Value;
import org.attention4j.core.rope.Rope;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.tornado.kernel.Code;
import org.attention4j.tornado.program.Expr;
import org.attention4j.tornado.program.Held;
import org.attention4j.tornado.program.Lowerer;
import org.attention4j.tornado.program.TornadoLowering;

/** A rotation as one expression: each entry from its pair's two, which it finds by its index. */
@AutoService(TornadoLowering.class)
public final class InlineRope implements TornadoLowering {
    private static final int LAST = 3;

    @Override
    public String name() {
        return "inline";
    }

    @Override
    public String op() {
        return "rope";
    }

    @Override
    public Answer supports(Composite composite) {
        return Answer.yes();
    }

    @Override
    public void lower(Lowerer l, Composite composite, List<Graph> parts) {
        Rope op = (Rope) composite.op();
        Value v = composite.input("x");
        Expr.Load x = l.stored(v);
        Expr.Load cos = l.stored(composite.input("cos"));
        Expr.Load sin = l.stored(composite.input("sin"));
        int[] dims = l.get(v).dims();
        int half = op.rotaryDim() / 2;
        boolean halves = op.style() == RopeStyle.HALF;
        Expr index = Lowerer.along(LAST, dims.length);
        Expr pair = Expr.apply(halves ? Code.INT_MOD : Code.INT_DIV, false, index, new Expr.Whole(halves ? half : 2));
        Expr isFirst = halves
                ? Expr.apply(Code.INT_LESS, false, index, new Expr.Whole(half))
                : Expr.apply(
                        Code.INT_EQUAL,
                        false,
                        Expr.apply(Code.INT_MOD, false, index, new Expr.Whole(2)),
                        new Expr.Whole(0));
        Expr first = halves ? pair : Expr.apply(Code.INT_MUL, false, pair, new Expr.Whole(2));
        Expr second = Expr.apply(Code.INT_ADD, false, first, new Expr.Whole(halves ? half : 1));
        Expr a = Lowerer.entry(x, LAST, dims[LAST], first);
        Expr b = Lowerer.entry(x, LAST, dims[LAST], second);
        Expr c = Lowerer.entry(perHead(cos), LAST, half, pair);
        Expr s = Lowerer.entry(perHead(sin), LAST, half, pair);
        Expr turnedFirst = Expr.apply(Code.SUB, true, multiply(a, c), multiply(b, s));
        Expr turnedSecond = Expr.apply(Code.ADD, true, multiply(b, c), multiply(a, s));
        Expr y = Expr.apply(Code.WHERE_FLOAT, true, isFirst, turnedFirst, turnedSecond);
        if (op.rotaryDim() < dims[LAST]) {
            Expr isTurned = Expr.apply(Code.INT_LESS, false, index, new Expr.Whole(op.rotaryDim()));
            y = Expr.apply(Code.WHERE_FLOAT, true, isTurned, y, x);
        }
        Value out = composite.outputs().getFirst();
        l.defineExpression(out, new Held(y, dims));
    }

    /** {@code [batch, seq, pairs]} as if it had heads. */
    private static Expr.Load perHead(Expr.Load angles) {
        return new Expr.Load(angles.buffer(), angles.access().insert(2, 1));
    }

    private static Expr multiply(Expr x, Expr y) {
        return Expr.apply(Code.MUL, true, x, y);
    }
}
