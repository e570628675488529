package org.attention4j.tornado.recurrence;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.linearattention.LinearRecurrence;
import org.attention4j.tornado.kernel.StateKernel;
import org.attention4j.tornado.machine.Kernel;
import org.attention4j.tornado.program.Buffers;
import org.attention4j.tornado.program.Exponential;
import org.attention4j.tornado.program.Expr;
import org.attention4j.tornado.program.Held;
import org.attention4j.tornado.program.Lowerer;
import org.attention4j.tornado.program.Row;
import org.attention4j.tornado.program.TornadoLowering;

/** A work-item for each column of the state goes through all tokens, in one launch: one token or many. */
@AutoService(TornadoLowering.class)
public final class StateColumns implements TornadoLowering {
    private static final Kernel KERNEL = Kernel.of("state", 64, false, StateKernel::run);

    @Override
    public String name() {
        return "state_columns";
    }

    @Override
    public String op() {
        return "linear_recurrence";
    }

    @Override
    public int priority() {
        return 1;
    }

    @Override
    public Answer supports(Composite composite) {
        boolean fits =
                composite.input("query").type().dim(3) instanceof Dim.Fixed(long keys) && keys <= StateKernel.MOST_KEYS;
        return Answer.onlyIf(fits, "the kernel's keys have at most %d entries".formatted(StateKernel.MOST_KEYS));
    }

    @Override
    public void lower(Lowerer l, Composite c, List<Graph> parts) {
        LinearRecurrence op = (LinearRecurrence) c.op();
        Value y = c.outputs().getFirst();
        int[] dims = l.dims(y);
        int keyDim = l.dims(c.input("query"))[3];
        Expr.Load nothing = l.number(0);
        Expr.Load query = l.stored(c.input("query"));
        Expr.Load key = l.stored(c.input("key"));
        Expr.Load value = l.stored(c.input("value"));
        Expr.Load decay =
                c.findInput("log_decay").map(g -> Exponential.of(l, g)).orElseGet(() -> l.number(1));
        Expr.Load remove = c.findInput("remove").map(l::stored).orElse(nothing);
        Expr.Load write = c.findInput("write").map(l::stored).orElse(nothing);
        Expr.Load bonus = c.findInput("bonus").map(l::stored).orElse(nothing);
        Expr.Load state = l.toOverwrite(c.input("state"));
        Expr.Load result = l.allocate(true, dims);
        int columns = dims[0] * dims[2] * dims[3];
        if (columns > 0 && dims[1] > 0) {
            Row row = new Row()
                    .add(dims[0], dims[1], dims[2], keyDim, dims[3])
                    .add(op.lowRank() ? 1 : 0, op.readBefore() ? 1 : 0)
                    .add(query.access())
                    .add(key.access())
                    .add(value.access())
                    .add(decay.access())
                    .add(remove.access())
                    .add(write.access())
                    .add(bonus.access())
                    .add(state.access())
                    .add(l.number((float) op.scale()).access())
                    .add(result.access());
            l.emitter()
                    .launch(
                            KERNEL,
                            row,
                            KERNEL.itemsFor(columns),
                            Buffers.of(query, key, value, decay, remove, write, bonus, state),
                            state.buffer(),
                            result.buffer());
        }
        l.define(y, new Held(result, dims));
        l.define(c.outputs().get(1), new Held(state, l.dims(c.input("state"))));
    }
}
