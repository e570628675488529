package org.attention4j.onnx.custom;

import com.google.common.primitives.ImmutableLongArray;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.mixer.linearattention.Decay;
import org.attention4j.core.mixer.linearattention.LinearRecurrence;
import org.attention4j.x86.LinearRecurrenceKernel;

/** {@link CustomOps#LINEAR_RECURRENCE}. */
final class LinearRecurrenceNode extends NodeKernel<LinearRecurrenceKernel> {
    private static final int VALUE = 3;

    @Override
    LinearRecurrenceKernel open(NodeInfo info) {
        LinearRecurrence op = LinearRecurrence.of(
                Decay.valueOf(info.text(CustomOps.DECAY)),
                info.integer(CustomOps.LOW_RANK) != 0,
                info.integer(CustomOps.READ_BEFORE) != 0,
                info.number(CustomOps.SCALE));
        return new LinearRecurrenceKernel(new LinearRecurrenceKernel.Shape(
                op,
                Math.toIntExact(info.integer(CustomOps.HEADS)),
                Math.toIntExact(info.integer(CustomOps.KEY_DIM)),
                Math.toIntExact(info.integer(CustomOps.VALUE_DIM))));
    }

    @Override
    Optional<OneRowNode> oneRow(LinearRecurrenceKernel kernel) {
        LinearRecurrenceKernel.Shape shape = kernel.shape();
        ImmutableLongArray values = ImmutableLongArray.of(1, 1, shape.heads(), shape.valueDim());
        ImmutableLongArray state = ImmutableLongArray.of(1, shape.heads(), shape.keyDim(), shape.valueDim());
        return Optional.of(new OneRowNode(
                kernel.oneRow(), VALUE, new OneRowNode.Dims.First(values, true, List.of(values, state))));
    }

    @Override
    void compute(LinearRecurrenceKernel kernel, KernelCall call) throws Throwable {
        LinearRecurrenceKernel.Shape shape = kernel.shape();
        long[] inputs = new long[shape.op().inputNames().size()];
        for (int i = 1; i < inputs.length; i++) {
            inputs[i] = call.elementsOf(i);
        }
        inputs[VALUE] = call.input(VALUE);
        long batch = call.dim(0);
        long tokens = call.dim(1);
        if (call.axes() != 4 || call.dim(2) != shape.heads() || call.dim(3) != shape.valueDim()) {
            throw new IllegalStateException("linear_recurrence: values have other dims than [batch, seq, %d, %d]"
                    .formatted(shape.heads(), shape.valueDim()));
        }
        long y = call.output(0);
        inputs[0] = call.input(0);
        long next = call.output(1);
        if (tokens > 0) {
            MemorySegment scratch = call.scratch(LinearRecurrenceKernel.scratchBytes());
            kernel.run(inputs, y, next, batch, tokens, scratch, call);
        }
    }
}
