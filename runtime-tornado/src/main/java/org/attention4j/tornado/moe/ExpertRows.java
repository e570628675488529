package org.attention4j.tornado.moe;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Graph;
import org.attention4j.tornado.linear.LinearProducts;
import org.attention4j.tornado.program.ExpertStacks;
import org.attention4j.tornado.program.Lowerer;
import org.attention4j.tornado.program.TornadoLowering;

/** Products with the rows of chosen experts as they are stored, as part of whatever elementwise program takes them. */
@AutoService(TornadoLowering.class)
public final class ExpertRows implements TornadoLowering {
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
        ExpertStacks.products(l, composite, op.weighted(), LinearProducts.TYPES);
    }
}
