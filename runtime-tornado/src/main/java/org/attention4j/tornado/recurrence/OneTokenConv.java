package org.attention4j.tornado.recurrence;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.conv.CausalConv;
import org.attention4j.tornado.program.Lowerer;
import org.attention4j.tornado.program.TornadoLowering;

/**
 * The convolution of one token as an expression of the state and the token, which whatever comes next computes along with it; of more
 * tokens by the definition, which puts all inputs in a row first.
 */
@AutoService(TornadoLowering.class)
public final class OneTokenConv implements TornadoLowering {
    @Override
    public String name() {
        return "one_token";
    }

    @Override
    public String op() {
        return "causal_conv";
    }

    @Override
    public Answer supports(Composite composite) {
        return Answer.onlyIf(
                composite.input("weight").type().fixedDim(1) > 1, "a kernel of one token looks at no other one");
    }

    @Override
    public List<Graph> parts(Composite composite) {
        return Forms.oneAndAny(composite, (b, in) -> single(composite, b, in));
    }

    private static List<Value> single(Composite composite, GraphBuilder b, List<Value> in) {
        CausalConv op = (CausalConv) composite.op();
        Value state = in.get(0);
        Value x = in.get(1);
        Value weight = b.toF32(in.get(2));
        int past = (int) state.type().fixedDim(1);
        Value y = b.mul(x, tap(b, weight, past));
        for (int j = past - 1; j >= 0; j--) {
            y = b.add(b.mul(b.slice(state, 1, j, j + 1L), tap(b, weight, j)), y);
        }
        if (op.hasBias()) {
            y = b.add(y, b.toF32(in.get(3)));
        }
        List<Dim> one = List.of(x.type().dim(0), Dim.of(1), x.type().dim(2));
        Value next = b.concat(1, b.slice(state, 1, 1, PrimitiveOp.TO_END), b.reshape(x, one));
        return ImmutableList.of(y, op.padded() ? Forms.unlessEmpty(b, in.getLast(), next, state) : next);
    }

    private static Value tap(GraphBuilder b, Value weight, int j) {
        return b.reshape(b.slice(weight, 1, j, j + 1L), weight.type().dim(0));
    }

    @Override
    public void lower(Lowerer l, Composite composite, List<Graph> parts) {
        Forms.lower(l, composite, parts);
    }
}
