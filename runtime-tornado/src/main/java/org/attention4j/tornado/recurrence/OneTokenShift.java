package org.attention4j.tornado.recurrence;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.tornado.program.Lowerer;
import org.attention4j.tornado.program.TornadoLowering;

/** The token before a single one is the state, and the token itself is the next state: nothing is computed. More by the definition. */
@AutoService(TornadoLowering.class)
public final class OneTokenShift implements TornadoLowering {
    @Override
    public String name() {
        return "one_token";
    }

    @Override
    public String op() {
        return "token_shift";
    }

    @Override
    public Answer supports(Composite composite) {
        return Answer.yes();
    }

    @Override
    public List<Graph> parts(Composite composite) {
        return Forms.oneAndAny(composite, OneTokenShift::single);
    }

    private static List<Value> single(GraphBuilder b, List<Value> in) {
        Value state = in.get(0);
        Value x = in.get(1);
        Value next = b.reshape(x, state.type().dims());
        return ImmutableList.of(
                b.reshape(state, x.type().dims()), in.size() > 2 ? Forms.unlessEmpty(b, in.get(2), next, state) : next);
    }

    @Override
    public void lower(Lowerer l, Composite composite, List<Graph> parts) {
        Forms.lower(l, composite, parts);
    }
}
