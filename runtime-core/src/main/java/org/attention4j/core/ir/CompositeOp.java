package org.attention4j.core.ir;

import java.util.List;

/**
 * An operator of the open set: whatever a decomposition into primitives (and other composites) can express. Implement it
 * as a record whose components are the operator's attributes; two equal records are the same operator.
 *
 * <p>The decomposition is the operator's meaning. A backend may have a faster lowering for it, which must compute the same.
 */
public interface CompositeOp {
    /** The operator's name in snake case, such as {@code rms_norm}. */
    String name();

    /** Counts up when the meaning of the attributes or inputs changes. */
    default int version() {
        return 1;
    }

    /** The names of the inputs that the operator takes with its attributes, in order. */
    List<String> inputNames();

    /**
     * The types of the results.
     *
     * @param inputs as many types as {@link #inputNames()} has names
     * @throws IllegalArgumentException if they don't fit, naming the input, its type and what was expected
     */
    List<TensorType> infer(List<TensorType> inputs);

    /**
     * Appends ops that compute the results to {@code b} and returns the results, of the types that {@link #infer} gives.
     *
     * @param inputs as many values as {@link #inputNames()} has names
     */
    List<Value> decompose(GraphBuilder b, List<Value> inputs);
}
