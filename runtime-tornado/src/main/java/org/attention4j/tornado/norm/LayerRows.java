package org.attention4j.tornado.norm;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.norm.LayerNorm;
import org.attention4j.tornado.program.Lowerer;
import org.attention4j.tornado.program.TornadoLowering;

/** A work-group for each row: its mean, its variance, and the result, in one launch. */
@AutoService(TornadoLowering.class)
public final class LayerRows implements TornadoLowering {
    @Override
    public String name() {
        return "layer_rows";
    }

    @Override
    public String op() {
        return "layer_norm";
    }

    @Override
    public Answer supports(Composite composite) {
        return Answer.yes();
    }

    @Override
    public void lower(Lowerer l, Composite composite, List<Graph> parts) {
        LayerNorm op = (LayerNorm) composite.op();
        new NormRows(1, true, true, op.eps(), 0).lower(l, composite);
    }
}
