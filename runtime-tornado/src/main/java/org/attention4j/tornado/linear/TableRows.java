package org.attention4j.tornado.linear;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.tensor.DType;
import org.attention4j.tornado.kernel.TableKernel;
import org.attention4j.tornado.machine.Kernel;
import org.attention4j.tornado.program.Lowerer;
import org.attention4j.tornado.program.TornadoLowering;

/** Rows of an embedding's table as it is stored: only those taken are decoded. */
@AutoService(TornadoLowering.class)
public final class TableRows implements TornadoLowering {
    private static final Kernel TABLE = Kernel.onBytes("table", 64, false, TableKernel::run);

    @Override
    public String name() {
        return "table_rows";
    }

    @Override
    public String op() {
        return "embedding";
    }

    @Override
    public Answer supports(Composite composite) {
        DType dtype = composite.input("table").type().dtype();
        return Answer.onlyIf(LinearProducts.TYPES.containsKey(dtype), "%s tables are kept as F32".formatted(dtype));
    }

    @Override
    public void lower(Lowerer l, Composite composite, List<Graph> parts) {
        l.tableRows(TABLE, composite, LinearProducts.TYPES);
    }
}
