package org.attention4j.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.attention4j.core.mixer.linearattention.Decay;
import org.attention4j.core.mixer.linearattention.LinearRecurrence;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * Random inputs of {@link LinearRecurrence} in these sizes. Keys are of length 1 and at most the whole of what they find is removed,
 * as the delta rule needs it: no state grows but by what is added.
 */
record LinearRecurrenceInputs(int batch, int heads, int keyDim, int valueDim) {
    /** @param logDecay gives the decays in the shape that it is given */
    List<Tensor> make(LinearRecurrence op, int seq, long seed, Function<Shape, Tensor> logDecay) {
        Shape keys = Shape.of(batch, seq, heads, keyDim);
        Tensor key = unit(RandomTensors.normal(seed, 1, keys));
        List<Tensor> in = new ArrayList<>();
        in.add(RandomTensors.normal(seed + 1, 1, Shape.of(batch, heads, keyDim, valueDim)));
        in.add(RandomTensors.normal(seed + 2, 1, keys));
        in.add(key);
        in.add(RandomTensors.normal(seed + 3, 1, Shape.of(batch, seq, heads, valueDim)));
        if (op.decay() != Decay.NONE) {
            in.add(logDecay.apply(op.decay() == Decay.KEY ? keys : Shape.of(batch, seq, heads)));
        }
        if (op.lowRank()) {
            Tensor remove = Tensor.zeros(key.dtype(), keys);
            Tensor strength = RandomTensors.uniform(seed + 5, 0, 1, Shape.of(batch, seq, heads));
            for (long i = 0; i < keys.elements(); i++) {
                remove.setDouble(i, -strength.getDouble(i / keyDim) * key.getDouble(i));
            }
            in.add(remove);
            in.add(key);
        }
        if (op.readBefore()) {
            in.add(RandomTensors.normal(seed + 6, 1, Shape.of(heads, keyDim)));
        }
        return in;
    }

    private Tensor unit(Tensor x) {
        for (long row = 0; row < x.shape().elements() / keyDim; row++) {
            double sum = 0;
            for (int d = 0; d < keyDim; d++) {
                sum += Math.pow(x.getDouble(row * keyDim + d), 2);
            }
            for (int d = 0; d < keyDim; d++) {
                x.setDouble(row * keyDim + d, x.getDouble(row * keyDim + d) / Math.sqrt(sum));
            }
        }
        return x;
    }
}
