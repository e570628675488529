package org.attention4j.onnx.rope;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.rope.Rope;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.onnx.emit.Attributes;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxWriter;

/** ONNX's {@code RotaryEmbedding}, which takes cos and sin of each position as the graph computes them. */
@AutoService(OnnxLowering.class)
public final class RotaryEmbedding implements OnnxLowering {
    @Override
    public String name() {
        return "rotary_embedding";
    }

    @Override
    public String op() {
        return "rope";
    }

    @Override
    public Answer supports(Composite c) {
        return Answer.onlyIf(c.input("x").type().dim(2).isFixed(), "the number of heads must have a fixed size");
    }

    @Override
    public List<String> emit(OnnxWriter w, Composite c) {
        Rope op = (Rope) c.op();
        TensorType x = c.input("x").type();
        List<Dim> flat = List.of(x.dim(0), x.dim(1), x.dim(2).times(x.dim(3)));
        List<String> inputs =
                List.of(w.reshape(w.name(c.input("x")), flat), w.name(c.input("cos")), w.name(c.input("sin")));
        boolean isPartial = op.rotaryDim() < x.fixedDim(3);
        String y = w.op(
                "RotaryEmbedding",
                inputs,
                Attributes.of("interleaved", op.style() == RopeStyle.INTERLEAVED ? 1L : 0L),
                Attributes.of("num_heads", x.fixedDim(2)),
                Attributes.of("rotary_embedding_dim", isPartial ? op.rotaryDim() : 0L));
        w.know(y, flat);
        return List.of(w.reshape(y, x.dims()));
    }
}
