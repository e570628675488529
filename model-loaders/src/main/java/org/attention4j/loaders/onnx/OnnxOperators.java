package org.attention4j.loaders.onnx;

/**
 * A group of ONNX operators that can be imported. Found by {@link java.util.ServiceLoader}: annotate an implementation with
 * {@code @AutoService(OnnxOperators.class)}, and its operators are known.
 */
public interface OnnxOperators {
    /** Says what the group's operators become. */
    void addTo(OperatorTable table);
}
