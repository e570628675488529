package org.attention4j.tornado.recurrence;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Value;
import org.attention4j.tornado.kernel.ScanKernel;
import org.attention4j.tornado.machine.Kernel;
import org.attention4j.tornado.program.Buffers;
import org.attention4j.tornado.program.Expr;
import org.attention4j.tornado.program.Held;
import org.attention4j.tornado.program.Lowerer;
import org.attention4j.tornado.program.Row;
import org.attention4j.tornado.program.TornadoLowering;

/** A work-item for each channel goes through all tokens, in one launch: one token or many. */
@AutoService(TornadoLowering.class)
public final class ScanChannels implements TornadoLowering {
    private static final Kernel KERNEL = Kernel.of("selectiveScan", 64, false, ScanKernel::run);

    @Override
    public String name() {
        return "scan_channels";
    }

    @Override
    public String op() {
        return "selective_scan";
    }

    @Override
    public Answer supports(Composite composite) {
        boolean fits = composite.input("a").type().dim(1) instanceof Dim.Fixed(long entries)
                && entries <= ScanKernel.MOST_ENTRIES;
        return Answer.onlyIf(fits, "the kernel's channels have at most %d entries".formatted(ScanKernel.MOST_ENTRIES));
    }

    @Override
    public void lower(Lowerer l, Composite c, List<Graph> parts) {
        Value y = c.outputs().getFirst();
        int[] dims = l.dims(y);
        Expr.Load u = l.stored(c.input("u"));
        Expr.Load delta = l.stored(c.input("delta"));
        Expr.Load a = l.stored(c.input("a"));
        Expr.Load in = l.stored(c.input("b"));
        Expr.Load out = l.stored(c.input("c"));
        Expr.Load state = l.toOverwrite(c.input("state"));
        Expr.Load result = l.allocate(true, dims);
        int channels = dims[0] * dims[2];
        if (channels > 0 && dims[1] > 0) {
            Row row = new Row()
                    .add(dims[0], dims[1], dims[2], l.dims(c.input("a"))[1])
                    .add(u.access())
                    .add(delta.access())
                    .add(a.access())
                    .add(in.access())
                    .add(out.access())
                    .add(state.access())
                    .add(result.access());
            l.emitter()
                    .launch(
                            KERNEL,
                            row,
                            KERNEL.itemsFor(channels),
                            Buffers.of(u, delta, a, in, out, state),
                            state.buffer(),
                            result.buffer());
        }
        l.define(y, new Held(result, dims));
        l.define(c.outputs().get(1), new Held(state, l.dims(c.input("state"))));
    }
}
