package org.attention4j.onnx.emit;

import java.util.List;
import org.attention4j.core.backend.Lowering;
import org.attention4j.core.ir.Composite;

/**
 * Writes a composite as ONNX nodes. Implementations are stateless, have a public constructor without parameters, and are
 * found by {@link java.util.ServiceLoader}: annotate one with {@code @AutoService(OnnxLowering.class)}.
 */
public interface OnnxLowering extends Lowering {
    /** {@link #supports(Composite)} for lowerings that need to know the graph or the user's settings. */
    default Answer supports(Composite composite, LoweringContext context) {
        return supports(composite);
    }

    /** What must hold of a run for the lowering to be right; checked before each run. */
    default List<OnnxRewrite.Limit> limits(Composite composite) {
        return List.of();
    }

    /**
     * Writes the nodes that compute {@code composite}.
     *
     * @return the ONNX names of its outputs, in order
     */
    List<String> emit(OnnxWriter w, Composite composite);
}
