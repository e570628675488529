package org.attention4j.tornado.recurrence;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Value;
import org.attention4j.tornado.kernel.DiagonalKernel;
import org.attention4j.tornado.machine.Kernel;
import org.attention4j.tornado.program.Buffers;
import org.attention4j.tornado.program.Expr;
import org.attention4j.tornado.program.Held;
import org.attention4j.tornado.program.Lowerer;
import org.attention4j.tornado.program.Row;
import org.attention4j.tornado.program.TornadoLowering;

/** A work-item for each entry of the state goes through all tokens, in one launch: one token or many. */
@AutoService(TornadoLowering.class)
public final class DiagonalEntries implements TornadoLowering {
    private static final Kernel KERNEL = Kernel.of("diagonal", 64, false, DiagonalKernel::run);

    @Override
    public String name() {
        return "entries";
    }

    @Override
    public String op() {
        return "diagonal_recurrence";
    }

    @Override
    public int priority() {
        return 1;
    }

    @Override
    public Answer supports(Composite composite) {
        return Answer.yes();
    }

    @Override
    public void lower(Lowerer l, Composite c, List<Graph> parts) {
        Value y = c.outputs().getFirst();
        int[] dims = l.dims(y);
        int seq = dims[1];
        Expr.Load decay = l.rows(c.input("decay"));
        Expr.Load input = l.rows(c.input("input"));
        Expr.Load state = l.toOverwrite(c.input("state"));
        Expr.Load result = l.allocate(true, dims);
        int entries = 1;
        for (int d = 2; d < dims.length; d++) {
            entries *= dims[d];
        }
        int count = dims[0] * entries;
        if (count > 0 && seq > 0) {
            Row row = new Row()
                    .add(dims[0], seq, entries)
                    .add(decay.access().withStrides(seq * entries, entries, 1))
                    .add(input.access().withStrides(seq * entries, entries, 1))
                    .add(state.access().withStrides(entries, 1))
                    .add(result.access().withStrides(seq * entries, entries, 1));
            l.emitter()
                    .launch(
                            KERNEL,
                            row,
                            KERNEL.itemsFor(count),
                            Buffers.of(decay, input, state),
                            state.buffer(),
                            result.buffer());
        }
        l.define(y, new Held(result, dims));
        l.define(c.outputs().get(1), new Held(state, l.dims(c.input("state"))));
    }
}
