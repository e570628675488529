package org.attention4j.onnx.rows;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.attention4j.core.backend.Lowering.Answer;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Value;
import org.attention4j.onnx.custom.CustomOps;
import org.attention4j.onnx.custom.RowFunctionText;
import org.attention4j.onnx.emit.Attributes;
import org.attention4j.onnx.emit.LoweringContext;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxWriter;

/** One node for several that would each go through the rows: by code that is generated for this machine's processor. */
@AutoService(OnnxLowering.class)
public final class GeneratedRows implements OnnxLowering {
    @Override
    public String name() {
        return "generated_rows";
    }

    @Override
    public String op() {
        return FusedRows.NAME;
    }

    @Override
    public Answer supports(Composite c) {
        return Answer.yes();
    }

    @Override
    public Answer supports(Composite c, LoweringContext context) {
        return context.noGeneratedCode().map(Answer::no).orElseGet(() -> supports(c));
    }

    @Override
    public List<String> emit(OnnxWriter w, Composite c) {
        FusedRows op = (FusedRows) c.op();
        int numOutputs = op.function().outputs().size();
        List<String> trailing = new ArrayList<>();
        for (int i = 0; i < numOutputs; i++) {
            List<Dim> dims = c.outputs().get(op.outputs().indexOf(i)).type().dims();
            trailing.add(dims.subList(op.leading().size(), dims.size()).stream()
                    .map(Dim::toString)
                    .collect(Collectors.joining("x")));
        }
        List<String> made = w.ops(
                CustomOps.DOMAIN,
                CustomOps.ROW_FUNCTION,
                c.inputs().subList(0, op.function().inputs().size()).stream()
                        .map(w::f32)
                        .toList(),
                numOutputs,
                Attributes.of(CustomOps.FUNCTION, RowFunctionText.of(op.function())),
                Attributes.of(CustomOps.LEADING, (long) op.leading().size()),
                Attributes.of(CustomOps.ROWS_OF, rowsOf(op, c)),
                Attributes.of(CustomOps.TRAILING, String.join(",", trailing)));
        for (int i = 0; i < numOutputs; i++) {
            w.declare(made.get(i), c.outputs().get(op.outputs().indexOf(i)).type());
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < c.outputs().size(); i++) {
            Value v = c.outputs().get(i);
            names.add(w.reshape(made.get(op.outputs().get(i)), v.type().dims()));
        }
        return names;
    }

    /** An input whose first dims say how many rows there are; there is one, or it would not be a function of rows. */
    private static long rowsOf(FusedRows op, Composite c) {
        RowShape shape = new RowShape(op.leading(), op.function().size());
        int i = 0;
        while (!shape.counts(
                op.function().inputs().get(i), c.inputs().get(i).type().dims())) {
            i++;
        }
        return i;
    }
}
