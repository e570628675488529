package org.attention4j.tornado.norm;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.norm.L2Norm;
import org.attention4j.tornado.program.Lowerer;
import org.attention4j.tornado.program.TornadoLowering;

/** A work-group for each row: its sum of squares, and the result, in one launch. */
@AutoService(TornadoLowering.class)
public final class L2Rows implements TornadoLowering {
    @Override
    public String name() {
        return "l2_rows";
    }

    @Override
    public String op() {
        return "l2_norm";
    }

    @Override
    public Answer supports(Composite composite) {
        return Answer.yes();
    }

    @Override
    public void lower(Lowerer l, Composite composite, List<Graph> parts) {
        L2Norm op = (L2Norm) composite.op();
        new NormRows(1, false, false, op.eps(), 0).lower(l, composite);
    }
}
