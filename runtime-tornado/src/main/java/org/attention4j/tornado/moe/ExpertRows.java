package org.attention4j.tornado.moe;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Graph;
import org.attention4j.tornado.kernel.ExpertsKernel;
import org.attention4j.tornado.linear.LinearProducts;
import org.attention4j.tornado.machine.Kernel;
import org.attention4j.tornado.program.ExpertStacks;
import org.attention4j.tornado.program.Lowerer;
import org.attention4j.tornado.program.TornadoLowering;

/** A work-item for each row of the result, which reads the rows of the experts that it needs as they are stored. */
@AutoService(TornadoLowering.class)
public final class ExpertRows implements TornadoLowering {
    private static final Kernel KERNEL = Kernel.onBytes("experts", 64, true, ExpertsKernel::run);

    @Override
    public String name() {
        return "rows";
    }

    @Override
    public String op() {
        return "chosen_rows";
    }

    @Override
    public Answer supports(Composite composite) {
        return Answer.yes();
    }

    @Override
    public void lower(Lowerer l, Composite composite, List<Graph> parts) {
        ChosenRows op = (ChosenRows) composite.op();
        ExpertStacks.products(l, KERNEL, composite, op.weighted(), LinearProducts.TYPES);
    }
}
