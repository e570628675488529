package org.attention4j.tornado.moe;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Value;
import org.attention4j.core.moe.Routing;
import org.attention4j.core.moe.Scoring;
import org.attention4j.tornado.kernel.RoutingKernel;
import org.attention4j.tornado.machine.Kernel;
import org.attention4j.tornado.program.Buffers;
import org.attention4j.tornado.program.Expr;
import org.attention4j.tornado.program.Held;
import org.attention4j.tornado.program.Lowerer;
import org.attention4j.tornado.program.Row;
import org.attention4j.tornado.program.TornadoLowering;

/** A work-group for each token: scores, the choice and the weights in one launch. */
@AutoService(TornadoLowering.class)
public final class RoutedTokens implements TornadoLowering {
    private static final Kernel KERNEL = Kernel.of("routing", RoutingKernel.GROUP, true, RoutingKernel::run);

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
                && experts <= RoutingKernel.MOST_EXPERTS;
        return Answer.onlyIf(fits, "the kernel has at most %d experts".formatted(RoutingKernel.MOST_EXPERTS));
    }

    @Override
    public void lower(Lowerer l, Composite c, List<Graph> parts) {
        Routing op = (Routing) c.op();
        int[] from = l.dims(c.input("logits"));
        int experts = from[from.length - 1];
        int[] dims = l.dims(c.outputs().getFirst());
        int tokens = Math.toIntExact(l.get(c.input("logits")).elements() / experts);
        Expr.Load logits = l.rows(c.input("logits"));
        Expr.Load bias = c.findInput("selection_bias").map(l::stored).orElseGet(() -> l.number(0));
        Expr.Load ids = l.allocate(false, dims);
        Expr.Load weights = l.allocate(true, dims);
        if (tokens > 0) {
            Row row = new Row()
                    .add(tokens, experts, op.topK(), scoring(op.scoring()), op.isNormalised() ? 1 : 0)
                    .add(logits.access().withStrides(experts, 1))
                    .add(bias.access())
                    .add(l.number((float) op.scale()).access())
                    .add(ids.access().withStrides(op.topK(), 1))
                    .add(weights.access().withStrides(op.topK(), 1));
            l.emitter()
                    .launch(
                            KERNEL,
                            row,
                            tokens * RoutingKernel.GROUP,
                            Buffers.of(logits, bias),
                            ids.buffer(),
                            weights.buffer());
        }
        List<Value> out = c.outputs();
        l.define(out.get(0), new Held(ids, dims));
        l.define(out.get(1), new Held(weights, dims));
    }

    private static int scoring(Scoring scoring) {
        return switch (scoring) {
            case SOFTMAX -> RoutingKernel.SOFTMAX;
            case SIGMOID -> RoutingKernel.SIGMOID;
            case SOFTMAX_OF_CHOSEN -> RoutingKernel.SOFTMAX_OF_CHOSEN;
        };
    }
}
