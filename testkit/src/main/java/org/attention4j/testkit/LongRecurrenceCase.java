package org.attention4j.testkit;

import java.util.List;
import org.attention4j.core.mixer.recurrence.Recurrence;
import org.attention4j.core.tensor.Tensor;

/**
 * A recurrence over many tokens of one sequence, for {@link LongRecurrenceLaws}.
 *
 * @param name the model that it is the recurrence of
 * @param inputs a tensor for each input of the op
 * @param sensitivity how many times larger a relative error of the result is than one of what is rounded at a step
 */
record LongRecurrenceCase(String name, Recurrence op, List<Tensor> inputs, double sensitivity) {
    @Override
    public String toString() {
        return name;
    }
}
