package org.attention4j.onnx.rows;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.Value;
import org.attention4j.x86.RowFunction;

/**
 * A function and what it is of.
 *
 * @param inputs the values that it is given
 * @param outputs of each value that is wanted, which of the function's outputs it is
 */
record RowComposite(RowFunction function, List<Value> inputs, List<Integer> outputs) {
    RowComposite {
        inputs = ImmutableList.copyOf(inputs);
        outputs = ImmutableList.copyOf(outputs);
    }
}
