package org.attention4j.core.ir;

import com.google.common.collect.ImmutableList;
import java.util.List;

/** An application of a {@link PrimitiveOp} to values. */
public record Primitive(PrimitiveOp op, List<Value> inputs, List<Value> outputs) implements Op {
    public Primitive {
        inputs = ImmutableList.copyOf(inputs);
        outputs = ImmutableList.copyOf(outputs);
    }

    @Override
    public String name() {
        return op.name();
    }
}
