package org.attention4j.onnx.custom;

import com.google.common.primitives.ImmutableLongArray;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.attention4j.x86.SelectiveScanKernel;

/** {@link CustomOps#SELECTIVE_SCAN}. */
final class SelectiveScanNode extends NodeKernel<SelectiveScanKernel> {
    private static final int U = 1;
    private static final int INPUTS = 6;

    @Override
    SelectiveScanKernel open(NodeInfo info) {
        return new SelectiveScanKernel(new SelectiveScanKernel.Shape(
                Math.toIntExact(info.integer(CustomOps.CHANNELS)), Math.toIntExact(info.integer(CustomOps.STATES))));
    }

    @Override
    Optional<OneRowNode> oneRow(SelectiveScanKernel kernel) {
        long channels = kernel.shape().channels();
        ImmutableLongArray u = ImmutableLongArray.of(1, 1, channels);
        ImmutableLongArray state =
                ImmutableLongArray.of(1, channels, kernel.shape().states());
        return Optional.of(new OneRowNode(kernel.oneRow(), U, new OneRowNode.Dims.First(u, true, List.of(u, state))));
    }

    @Override
    void compute(SelectiveScanKernel kernel, KernelCall call) throws Throwable {
        long[] inputs = new long[INPUTS];
        for (int i = U + 1; i < INPUTS; i++) {
            inputs[i] = call.elementsOf(i);
        }
        inputs[U] = call.input(U);
        long batch = call.dim(0);
        long tokens = call.dim(1);
        if (call.axes() != 3 || call.dim(2) != kernel.shape().channels()) {
            throw new IllegalStateException("selective_scan: u has other dims than [batch, seq, %d]"
                    .formatted(kernel.shape().channels()));
        }
        long y = call.output(0);
        inputs[0] = call.input(0);
        long next = call.output(1);
        if (tokens > 0) {
            MemorySegment scratch = call.scratch(SelectiveScanKernel.scratchBytes());
            kernel.run(inputs, y, next, batch, tokens, scratch, call);
        }
    }
}
