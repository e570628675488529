package org.attention4j.tornado.mlp;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.recurrence.Recurrence;
import org.attention4j.tornado.program.Lowerer;
import org.attention4j.tornado.program.TornadoLowering;

/** An activation as one expression, however often it reads its argument. */
@AutoService(TornadoLowering.class)
public final class InlineActivation implements TornadoLowering {
    @Override
    public String name() {
        return "inline";
    }

    @Override
    public String op() {
        return "activate";
    }

    @Override
    public Answer supports(Composite composite) {
        return Answer.yes();
    }

    @Override
    public List<Graph> parts(Composite composite) {
        List<Value> in = composite.inputs();
        return ImmutableList.of(Recurrence.graph(
                composite.label(),
                in.stream().map(Value::type).toList(),
                ImmutableList.of("x"),
                (b, x) -> composite.op().decompose(b, x)));
    }

    @Override
    public void lower(Lowerer l, Composite composite, List<Graph> parts) {
        l.inlineExpression(parts.getFirst(), composite);
    }
}
