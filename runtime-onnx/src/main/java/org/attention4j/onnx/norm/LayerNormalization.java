package org.attention4j.onnx.norm;

import com.google.auto.service.AutoService;
import java.util.Arrays;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.norm.LayerNorm;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.emit.Attributes;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxWriter;

/** ONNX's {@code LayerNormalization}, which always has a weight: ones where the op has none. */
@AutoService(OnnxLowering.class)
public final class LayerNormalization implements OnnxLowering {
    @Override
    public String name() {
        return "layer_normalization";
    }

    @Override
    public String op() {
        return "layer_norm";
    }

    @Override
    public Answer supports(Composite c) {
        return Answer.onlyIf(
                c.findInput("weight").isPresent() || c.input("x").type().dim(-1).isFixed(),
                "without a weight, the last dimension of x must have a fixed size");
    }

    @Override
    public List<String> emit(OnnxWriter w, Composite c) {
        LayerNorm op = (LayerNorm) c.op();
        String x = w.name(c.input("x"));
        String weight = c.findInput("weight").map(w::f32).orElseGet(() -> ones(w, c));
        return List.of(w.op(
                "LayerNormalization",
                c.findInput("bias").map(b -> List.of(x, weight, w.f32(b))).orElseGet(() -> List.of(x, weight)),
                Attributes.of("axis", -1L),
                Attributes.of("epsilon", (float) op.eps())));
    }

    private static String ones(OnnxWriter w, Composite c) {
        int size = Math.toIntExact(c.input("x").type().fixedDim(-1));
        return w.once(List.of("ones", size), root -> {
            float[] values = new float[size];
            Arrays.fill(values, 1);
            return root.constant("ones", Tensor.f32(Shape.of(size), values));
        });
    }
}
