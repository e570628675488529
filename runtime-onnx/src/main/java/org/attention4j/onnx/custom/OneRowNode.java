package org.attention4j.onnx.custom;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import java.util.List;
import org.attention4j.x86.OneRow;

/**
 * A node that can do without Java where there is one row.
 *
 * @param shapedBy the number of the input whose dims tell whether there is
 * @param dims what they are then, and what the outputs' are
 */
record OneRowNode(OneRow row, int shapedBy, Dims dims) {
    /** ONNX Runtime's arrays of dims have room for so many. */
    static final int MOST_AXES = 8;

    /** Dims of one row. */
    sealed interface Dims {
        /**
         * Of an input whose first dims are these.
         *
         * @param areAll whether there are no others
         * @param outputs all dims of each output
         */
        record First(ImmutableLongArray input, boolean areAll, List<ImmutableLongArray> outputs) implements Dims {
            public First {
                outputs = ImmutableList.copyOf(outputs);
            }
        }

        /** Of an input whose last dim is {@code columns} and whose others are 1, and of one output that has {@code rows} in its place. */
        record Last(long columns, long rows) implements Dims {}
    }

    /** Whether its memory is little enough for a thread's stack. */
    boolean fits() {
        return row.own().bytes() + row.task().byteSize() <= OneRowCode.MOST_STACK_BYTES;
    }

    /** So many dims of 1, then others. */
    static ImmutableLongArray ones(int count, ImmutableLongArray then) {
        ImmutableLongArray.Builder dims = ImmutableLongArray.builder();
        for (int i = 0; i < count; i++) {
            dims.add(1);
        }
        return dims.addAll(then).build();
    }
}
