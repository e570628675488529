package org.attention4j.tornado.norm;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.norm.GroupNorm;
import org.attention4j.tornado.program.Lowerer;
import org.attention4j.tornado.program.TornadoLowering;

/** A work-group for each group of each row, in one launch. */
@AutoService(TornadoLowering.class)
public final class GroupRows implements TornadoLowering {
    @Override
    public String name() {
        return "group_rows";
    }

    @Override
    public String op() {
        return "group_norm";
    }

    @Override
    public Answer supports(Composite composite) {
        return Answer.yes();
    }

    @Override
    public void lower(Lowerer l, Composite composite, List<Graph> parts) {
        GroupNorm op = (GroupNorm) composite.op();
        new NormRows(op.groups(), true, true, op.eps(), 0).lower(l, composite);
    }
}
