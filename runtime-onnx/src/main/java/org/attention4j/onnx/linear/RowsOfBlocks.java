package org.attention4j.onnx.linear;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Value;
import org.attention4j.onnx.custom.CustomOps;
import org.attention4j.onnx.emit.Attributes;
import org.attention4j.onnx.emit.LoweringContext;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxWriter;

/** Reads rows of a table of blocks where the model's file has them: nothing is copied or written when a model is compiled. */
@AutoService(OnnxLowering.class)
public final class RowsOfBlocks implements OnnxLowering {
    @Override
    public String name() {
        return "rows_of_blocks";
    }

    @Override
    public String op() {
        return "embedding";
    }

    @Override
    public int priority() {
        return 20;
    }

    @Override
    public Answer supports(Composite c) {
        return new GatherBlockQuantized().supports(c);
    }

    @Override
    public Answer supports(Composite c, LoweringContext context) {
        Value table = c.input("table");
        if (context.noGeneratedCode().isPresent()) {
            return Answer.no(context.noGeneratedCode().get());
        }
        if (!table.type().dtype().isQuantized()) {
            return Answer.no("the table is %s, not block-quantised"
                    .formatted(table.type().dtype()));
        }
        if (context.constant(table).isEmpty()) {
            return Answer.no("the table is not a constant");
        }
        return LinearLowering.smallModel(context)
                .orElseGet(() -> Answer.yes("%s as it is".formatted(table.type().dtype())));
    }

    @Override
    public List<String> emit(OnnxWriter w, Composite c) {
        long number = w.weights().table(w.tensor(c.input("table")).orElseThrow());
        String ids = w.name(c.input("ids"));
        return w.ops(CustomOps.DOMAIN, CustomOps.ROWS, List.of(ids), 1, Attributes.of(CustomOps.WEIGHTS, number));
    }
}
