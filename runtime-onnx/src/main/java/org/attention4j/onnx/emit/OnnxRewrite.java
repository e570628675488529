package org.attention4j.onnx.emit;

import java.util.List;
import org.attention4j.core.backend.Lowering;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;

/**
 * Puts other ops of the graph in place of a composite: a decomposition that suits ONNX Runtime better than the op's own. Found
 * like an {@link OnnxLowering}: annotate one with {@code @AutoService(OnnxRewrite.class)}.
 */
public interface OnnxRewrite extends Lowering {
    /** Appends ops to {@code b} that compute what {@code composite} does from {@code inputs}. */
    List<Value> rewrite(GraphBuilder b, Composite composite, List<Value> inputs);

    /** What must hold of a run for the rewrite to be right; checked before each run. */
    default List<Limit> limits(Composite composite) {
        return List.of();
    }

    /**
     * A bound of a size.
     *
     * @param size evaluated for each run
     * @param bound the most that it may be, evaluated likewise
     * @param reason what it is for
     */
    record Limit(Dim size, Dim bound, String reason) {}
}
