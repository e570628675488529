package org.attention4j.loaders.packed;

import org.attention4j.core.tensor.Tensor;

/**
 * The scale of each group of each output.
 *
 * @param values of a float dtype
 * @param byOutput whether those of an output lie together, {@code [outputs, groups]}; else {@code [groups, outputs]}
 */
record GroupScales(Tensor values, int numGroups, long numOutputs, boolean byOutput) {
    float get(int group, long output) {
        return (float) values.getDouble(byOutput ? output * numGroups + group : group * numOutputs + output);
    }
}
