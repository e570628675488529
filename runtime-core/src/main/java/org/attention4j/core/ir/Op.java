package org.attention4j.core.ir;

import java.util.List;

/** One step of a graph. */
public sealed interface Op permits Primitive, Scan, Composite {
    /** The values that the op reads, in the order that its kind defines. */
    List<Value> inputs();

    /** The values that the op defines. */
    List<Value> outputs();

    /** The name of the kind of op, such as {@code matmul} or {@code rms_norm}. */
    String name();

    /** Where the op stands in the model: the id of its first output. */
    default String label() {
        return outputs().getFirst().id();
    }
}
