package org.attention4j.tornado.norm;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Value;
import org.attention4j.core.norm.RmsNorm;
import org.attention4j.tornado.kernel.NormKernel;
import org.attention4j.tornado.machine.Kernel;
import org.attention4j.tornado.program.Expr;
import org.attention4j.tornado.program.Held;
import org.attention4j.tornado.program.Lowerer;
import org.attention4j.tornado.program.Row;
import org.attention4j.tornado.program.TornadoLowering;

/** A work-group for each row: its mean of squares, and the result, in one launch. */
@AutoService(TornadoLowering.class)
public final class RmsRows implements TornadoLowering {
    private static final Kernel KERNEL = Kernel.of("rmsNorm", NormKernel.GROUP, true, NormKernel::run);

    @Override
    public String name() {
        return "rms_rows";
    }

    @Override
    public String op() {
        return "rms_norm";
    }

    @Override
    public Answer supports(Composite composite) {
        return Answer.yes();
    }

    @Override
    public void lower(Lowerer l, Composite composite, List<Graph> parts) {
        RmsNorm op = (RmsNorm) composite.op();
        Value y = composite.outputs().getFirst();
        int[] dims = l.dims(y);
        int width = dims[dims.length - 1];
        Held x = l.get(composite.input("x"));
        Expr.Load from = l.rows(composite.input("x"));
        Expr.Load weight = l.stored(composite.input("weight"));
        Expr.Load result = l.allocate(true, dims);
        if (x.elements() > 0) {
            int rows = Math.toIntExact(x.elements() / width);
            Row row = new Row()
                    .add(rows, width)
                    .add(from.access().withStrides(width, 1))
                    .add(result.access().withStrides(width, 1))
                    .add(weight.access())
                    .add(l.number((float) op.eps()).access())
                    .add(l.number((float) op.weightOffset()).access());
            l.emitter()
                    .launch(
                            KERNEL,
                            row,
                            rows * NormKernel.GROUP,
                            List.of(from.buffer(), weight.buffer()),
                            result.buffer());
        }
        l.define(y, new Held(result, dims));
    }
}
