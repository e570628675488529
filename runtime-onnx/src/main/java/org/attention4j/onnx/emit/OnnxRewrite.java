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
    /** {@link #supports(Composite)} for rewrites that need to know the graph or the user's settings. */
    default Answer supports(Composite composite, LoweringContext context) {
        return supports(composite);
    }

    /** Appends ops to {@code b} that compute what {@code composite} does from {@code inputs}. */
    List<Value> rewrite(GraphBuilder b, Composite composite, List<Value> inputs);

    /** What must hold of a run for the rewrite to be right; checked before each run. */
    default List<Limit> limits(Composite composite) {
        return List.of();
    }

    /**
     * Bounds of a size.
     *
     * @param size evaluated for each run
     * @param least the least that it may be, evaluated likewise
     * @param most the most that it may be, evaluated likewise
     * @param reason what it is for
     */
    record Limit(Dim size, Dim least, Dim most, String reason) {
        /** An upper bound. */
        public static Limit atMost(Dim size, Dim most, String reason) {
            return new Limit(size, Dim.of(0), most, reason);
        }

        /** A lower bound. */
        public static Limit atLeast(Dim size, long least, String reason) {
            return new Limit(size, Dim.of(least), Dim.of(Long.MAX_VALUE), reason);
        }
    }
}
