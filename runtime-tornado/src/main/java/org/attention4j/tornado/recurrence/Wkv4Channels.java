package org.attention4j.tornado.recurrence;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Value;
import org.attention4j.tornado.kernel.Wkv4Kernel;
import org.attention4j.tornado.machine.Kernel;
import org.attention4j.tornado.program.Buffers;
import org.attention4j.tornado.program.Expr;
import org.attention4j.tornado.program.Held;
import org.attention4j.tornado.program.Lowerer;
import org.attention4j.tornado.program.Row;
import org.attention4j.tornado.program.TornadoLowering;

/** A work-item for each channel goes through all tokens, in one launch: one token or many. */
@AutoService(TornadoLowering.class)
public final class Wkv4Channels implements TornadoLowering {
    private static final Kernel KERNEL = Kernel.of("wkv4", 64, false, Wkv4Kernel::run);

    @Override
    public String name() {
        return "channels";
    }

    @Override
    public String op() {
        return "wkv4";
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
        Expr.Load key = l.stored(c.input("key"));
        Expr.Load value = l.stored(c.input("value"));
        Expr.Load decay = l.stored(c.input("log_decay"));
        Expr.Load bonus = l.stored(c.input("bonus"));
        Expr.Load numerator = l.toOverwrite(c.input("numerator"));
        Expr.Load denominator = l.toOverwrite(c.input("denominator"));
        Expr.Load max = l.toOverwrite(c.input("max"));
        Expr.Load result = l.allocate(true, dims);
        int channels = dims[0] * dims[2];
        if (channels > 0 && dims[1] > 0) {
            Row row = new Row()
                    .add(dims)
                    .add(key.access())
                    .add(value.access())
                    .add(decay.access())
                    .add(bonus.access())
                    .add(numerator.access())
                    .add(denominator.access())
                    .add(max.access())
                    .add(result.access());
            l.emitter()
                    .launch(
                            KERNEL,
                            row,
                            KERNEL.itemsFor(channels),
                            Buffers.of(key, value, decay, bonus, numerator, denominator, max),
                            numerator.buffer(),
                            denominator.buffer(),
                            max.buffer(),
                            result.buffer());
        }
        l.define(y, new Held(result, dims));
        List<Expr.Load> states = List.of(numerator, denominator, max);
        for (int i = 0; i < states.size(); i++) {
            Value next = c.outputs().get(1 + i);
            l.define(next, new Held(states.get(i), l.dims(next)));
        }
    }
}
