package org.attention4j.onnx.norm;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Value;
import org.attention4j.core.norm.RmsNorm;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.emit.Attributes;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxWriter;

/** ONNX's {@code RMSNormalization}, with an offset added to the weight before it is stored. */
@AutoService(OnnxLowering.class)
public final class RmsNormalization implements OnnxLowering {
    @Override
    public String name() {
        return "rms_normalization";
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
    public List<String> emit(OnnxWriter w, Composite c) {
        RmsNorm op = (RmsNorm) c.op();
        return List.of(w.op(
                "RMSNormalization",
                List.of(w.name(c.input("x")), scale(w, c.input("weight"), op.weightOffset())),
                Attributes.of("axis", -1L),
                Attributes.of("epsilon", (float) op.eps())));
    }

    private static String scale(OnnxWriter w, Value weight, double offset) {
        if (offset == 0) {
            return w.f32(weight);
        }
        return w.tensor(weight)
                .map(t -> w.once(
                        List.of("plus", offset, t), root -> root.constant(weight.id() + "/plus", plus(t, offset))))
                .orElseGet(() -> w.op("Add", List.of(w.f32(weight), w.scalar((float) offset))));
    }

    private static Tensor plus(Tensor weight, double offset) {
        float[] values = weight.toFloatArray();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] + offset);
        }
        return Tensor.f32(Shape.of(values.length), values);
    }
}
