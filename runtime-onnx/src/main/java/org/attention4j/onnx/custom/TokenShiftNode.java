package org.attention4j.onnx.custom;

import com.google.common.primitives.ImmutableLongArray;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.attention4j.x86.OneTokenShift;

/** {@link CustomOps#TOKEN_SHIFT}. */
@SuppressWarnings("restricted") // Addresses are ONNX Runtime's.
final class TokenShiftNode extends NodeKernel<Long> {
    private static final int STATE = 0;
    private static final int X = 1;

    @Override
    Long open(NodeInfo info) {
        return info.integer(CustomOps.CHANNELS);
    }

    @Override
    Optional<OneRowNode> oneRow(Long channels) {
        ImmutableLongArray x = ImmutableLongArray.of(1, 1, channels);
        ImmutableLongArray state = ImmutableLongArray.of(1, channels);
        return Optional.of(new OneRowNode(
                OneTokenShift.oneRow(channels), X, new OneRowNode.Dims.First(x, true, List.of(x, state))));
    }

    @Override
    void compute(Long channels, KernelCall call) throws Throwable {
        long state = call.elementsOf(STATE);
        long x = call.input(X);
        long batch = call.dim(0);
        long tokens = call.dim(1);
        long rowBytes = call.dim(2) * Float.BYTES;
        long before = call.output(0);
        long last = call.output(1, 1, ImmutableLongArray.of(call.dim(2)));
        for (long i = 0; i < batch; i++) {
            long sequence = x + i * tokens * rowBytes;
            if (tokens > 0) {
                long shifted = before + i * tokens * rowBytes;
                copy(state + i * rowBytes, shifted, rowBytes);
                copy(sequence, shifted + rowBytes, (tokens - 1) * rowBytes);
            }
            copy(tokens > 0 ? sequence + (tokens - 1) * rowBytes : state + i * rowBytes, last + i * rowBytes, rowBytes);
        }
    }

    private static void copy(long from, long to, long bytes) {
        MemorySegment.copy(
                MemorySegment.ofAddress(from).reinterpret(bytes),
                0,
                MemorySegment.ofAddress(to).reinterpret(bytes),
                0,
                bytes);
    }
}
