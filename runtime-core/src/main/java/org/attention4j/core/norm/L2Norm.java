package org.attention4j.core.norm;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;

/**
 * Euclidean norm 1 over the last dimension: x {@code F32[..., dim]}; the result has x's type.
 *
 * @param eps added to the sum of squares
 */
public record L2Norm(double eps) implements CompositeOp {
    public L2Norm {
        Normalize.requireEps("l2_norm", eps);
    }

    @Override
    public String name() {
        return "l2_norm";
    }

    @Override
    public List<String> inputNames() {
        return ImmutableList.of("x");
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        return ImmutableList.of(InputTypes.of(this, inputs).activation("x", 1));
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
        return ImmutableList.of(Normalize.byRoot(b, ReduceKind.SUM, inputs.get(0), eps));
    }
}
