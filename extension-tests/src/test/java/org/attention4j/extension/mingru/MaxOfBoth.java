package org.attention4j.extension.mingru;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxWriter;

/** {@code max(x + ½, σ(x))}: σ is nowhere steeper than x, and the two branches meet at 0, so no comparison is needed. */
@AutoService(OnnxLowering.class)
public final class MaxOfBoth implements OnnxLowering {
    @Override
    public String name() {
        return "max_of_both";
    }

    @Override
    public String op() {
        return "positive_activation";
    }

    @Override
    public Answer supports(Composite composite) {
        return Answer.yes();
    }

    @Override
    public List<String> emit(OnnxWriter w, Composite composite) {
        String x = w.name(composite.input("x"));
        String shifted = w.op("Add", List.of(x, w.scalar(0.5f)));
        return List.of(w.op("Max", List.of(shifted, w.op("Sigmoid", List.of(x)))));
    }
}
