package org.attention4j.core.moe;

import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.Value;

/** How a router's logits become the weights of experts. */
public enum Scoring {
    /** Softmax over all experts; the largest are chosen. */
    SOFTMAX,
    /** The sigmoid of each logit; the largest are chosen. */
    SIGMOID,
    /** The largest logits are chosen; softmax over these. */
    SOFTMAX_OF_CHOSEN;

    /** What experts are chosen by: logits {@code [..., experts]} to scores. */
    Value scores(GraphBuilder b, Value logits) {
        return switch (this) {
            case SOFTMAX -> softmax(b, logits);
            case SIGMOID -> b.unary(UnaryKind.SIGMOID, logits);
            case SOFTMAX_OF_CHOSEN -> logits;
        };
    }

    /** The chosen experts' scores {@code [..., k]} to their weights. */
    Value weights(GraphBuilder b, Value chosen) {
        return this == SOFTMAX_OF_CHOSEN ? softmax(b, chosen) : chosen;
    }

    private static Value softmax(GraphBuilder b, Value x) {
        Value exp = b.unary(UnaryKind.EXP, b.sub(x, b.reduce(ReduceKind.MAX, x, true, -1)));
        return b.div(exp, b.reduce(ReduceKind.SUM, exp, true, -1));
    }
}
