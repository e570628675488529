package org.attention4j.tornado.norm;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.norm.RmsNorm;
import org.attention4j.tornado.program.Lowerer;
import org.attention4j.tornado.program.TornadoLowering;

/** A work-group for each row: its mean of squares, and the result, in one launch. */
@AutoService(TornadoLowering.class)
public final class RmsRows implements TornadoLowering {
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
        new NormRows(1, false, true, op.eps(), op.weightOffset()).lower(l, composite);
    }
}
