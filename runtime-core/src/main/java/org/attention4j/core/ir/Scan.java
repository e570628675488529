package org.attention4j.core.ir;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * A loop over one axis: the body runs once per index, carrying values from step to step.
 *
 * <p>Inputs: {@code numCarried} initial values; then {@code numScanned} sequences, each sliced along {@code axis} (the axis
 * is removed from the slice); then values that are the same in every step. The body's inputs are the carried values, one
 * slice of each sequence, and the constant values, in this order. Its results are the carried values of the next step, of
 * unchanged types, and then per-step outputs. Outputs: the carried values after the last step, then the per-step outputs
 * stacked along {@code axis}.
 */
public record Scan(Graph body, int numCarried, int numScanned, int axis, List<Value> inputs, List<Value> outputs)
        implements Op {
    public Scan {
        inputs = ImmutableList.copyOf(inputs);
        outputs = ImmutableList.copyOf(outputs);
    }

    @Override
    public String name() {
        return "scan";
    }
}
