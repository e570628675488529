package org.attention4j.onnx.linear;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.onnx.emit.Attributes;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxWriter;
import org.attention4j.onnx.proto.TensorProto.DataType;

/** {@code Gather} from the table as it is stored, then {@code Cast} of the rows taken: the table is never converted. */
@AutoService(OnnxLowering.class)
public final class GatherRows implements OnnxLowering {
    @Override
    public String name() {
        return "gather";
    }

    @Override
    public String op() {
        return "embedding";
    }

    @Override
    public Answer supports(Composite c) {
        return Answer.yes();
    }

    @Override
    public List<String> emit(OnnxWriter w, Composite c) {
        Value table = c.input("table");
        DType dtype = table.type().dtype();
        String stored = w.name(table);
        w.weights().readSeldom(stored);
        String rows = w.op("Gather", List.of(stored, w.name(c.input("ids"))), Attributes.of("axis", 0L));
        // A table of blocks is written as F32.
        boolean isF32 = dtype == DType.F32 || dtype.isQuantized();
        return List.of(
                isF32 ? rows : w.op("Cast", List.of(rows), Attributes.of("to", (long) DataType.FLOAT.getNumber())));
    }
}
