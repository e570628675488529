package org.attention4j.onnx.custom;

import java.lang.foreign.MemorySegment;
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
