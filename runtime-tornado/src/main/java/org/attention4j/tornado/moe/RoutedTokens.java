package org.attention4j.tornado.moe;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Value;
import org.attention4j.core.moe.Routing;
import org.attention4j.core.moe.Scoring;
import org.attention4j.tornado.kernel.RoutingRow;
import org.attention4j.tornado.program.Buffers;
import org.attention4j.tornado.program.Expr;
import org.attention4j.tornado.program.Held;
import org.attention4j.tornado.program.Lowerer;
import org.attention4j.tornado.program.Router;
import org.attention4j.tornado.program.Row;
import org.attention4j.tornado.program.TornadoLowering;

/**
 * A work-group for each token: scores, the choice and the weights in one launch. Of few tokens the norm and the router's logits are part
 * of it too.
 */
@AutoService(TornadoLowering.class)
public final class RoutedTokens implements TornadoLowering {
    @Override
    public String name() {
        return "tokens";
    }

    @Override
    public String op() {
        return "routing";
    }

    @Override
    public Answer supports(Composite composite) {
        if (((Routing) composite.op()).groups().isPresent()) {
            return Answer.no("the kernel knows no groups of experts");
        }
        boolean fits = composite.input("logits").type().dim(-1) instanceof Dim.Fixed(long experts)
                && experts <= RoutingRow.MOST_EXPERTS;
        return Answer.onlyIf(fits, "the kernel has at most %d experts".formatted(RoutingRow.MOST_EXPERTS));
    }

    @Override
    public void lower(Lowerer l, Composite c, List<Graph> parts) {
        Routing op = (Routing) c.op();
        int experts = Math.toIntExact(c.input("logits").type().fixedDim(-1));
        int[] dims = l.dims(c.outputs().getFirst());
        Expr.Load bias = c.findInput("selection_bias").map(l::stored).orElseGet(() -> l.number(0));
        Router router = Router.of(l, c.input("logits"));
        Expr.Load ids = l.allocate(false, dims);
        Expr.Load weights = l.allocate(true, dims);
        if (router.tokens() > 0) {
            Row row = new Row()
                    .add(router.tokens(), experts, op.topK(), scoring(op.scoring()), op.isNormalised() ? 1 : 0)
                    .add(router.places())
                    .add(router.logits().access().withStrides(experts, 1))
                    .add(bias.access())
                    .add(l.number((float) op.scale()).access())
                    .add(ids.access().withStrides(op.topK(), 1))
                    .add(weights.access().withStrides(op.topK(), 1));
            router.launch(row, Buffers.of(bias), ids.buffer(), weights.buffer());
        }
        List<Value> out = c.outputs();
        l.define(out.get(0), new Held(ids, dims));
        l.define(out.get(1), new Held(weights, dims));
    }

    private static int scoring(Scoring scoring) {
        return switch (scoring) {
            case SOFTMAX -> RoutingRow.SOFTMAX;
            case SIGMOID -> RoutingRow.SIGMOID;
            case SOFTMAX_OF_CHOSEN -> RoutingRow.SOFTMAX_OF_CHOSEN;
        };
    }
}
