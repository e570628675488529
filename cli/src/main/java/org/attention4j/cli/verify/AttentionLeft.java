package org.attention4j.cli.verify;

import java.util.HashSet;
import java.util.Set;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.Value;
import org.attention4j.core.norm.Softmax;

/** Looks for attention that nobody recognised: a softmax whose result is the left factor of a product. */
final class AttentionLeft {
    private AttentionLeft() {}

    static boolean in(Graph graph) {
        Set<Value> weights = new HashSet<>();
        for (Op op : graph.ops()) {
            if (op instanceof Composite c && c.op() instanceof Softmax) {
                weights.addAll(op.outputs());
            }
            if (op instanceof Primitive p && op.inputs().stream().anyMatch(weights::contains)) {
                if (p.op() instanceof PrimitiveOp.MatMul
                        && weights.contains(op.inputs().getFirst())) {
                    return true;
                }
                boolean passes = switch (p.op()) {
                    case PrimitiveOp.Cast x -> true;
                    case PrimitiveOp.Reshape x -> true;
                    case PrimitiveOp.Where x -> true;
                    case PrimitiveOp.Binary x -> true;
                    default -> false;
                };
                if (passes) {
                    weights.addAll(op.outputs());
                }
            }
        }
        return false;
    }
}
