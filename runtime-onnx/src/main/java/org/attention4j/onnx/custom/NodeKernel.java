package org.attention4j.onnx.custom;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What ONNX Runtime calls for each node of an operator. A kernel's address is the number of the node. Nothing is thrown: an exception in a
 * call from native code would end the process, so it becomes a status, which the session's run throws.
 *
 * @param <N> what is known of a node before it is run
 */
@SuppressWarnings("restricted") // Native code is what this is for.
abstract class NodeKernel<N> {
    private static final int FAIL = 1;

    private final Numbered<N> nodes = new Numbered<>();

    /** Makes ready for a node. */
    abstract N open(NodeInfo info);

    /** Computes a node. */
    abstract void compute(N node, KernelCall call) throws Throwable;

    /** {@code CreateKernelV2(op, api, info, kernel)}. */
    final MemorySegment create(MemorySegment op, MemorySegment ortApi, MemorySegment info, MemorySegment kernel) {
        try {
            long number = nodes.add(open(new NodeInfo(info)));
            kernel.reinterpret(ADDRESS.byteSize()).set(ADDRESS, 0, MemorySegment.ofAddress(number));
            return MemorySegment.NULL;
        } catch (Throwable e) {
            return failure(e);
        }
    }

    /** {@code KernelDestroy(kernel)}. */
    final void destroy(MemorySegment kernel) {
        nodes.remove(kernel.address());
    }

    /** {@code KernelComputeV2(kernel, context)}. */
    final long compute(long kernel, long context) {
        try {
            compute(nodes.get(kernel), KernelCall.of(context));
            return 0;
        } catch (Throwable e) {
            return failure(e).address();
        }
    }

    private static MemorySegment failure(Throwable e) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocateFrom(String.valueOf(e.getMessage()));
            return (MemorySegment) OrtApi.CREATE_STATUS.invokeExact(FAIL, message);
        } catch (Throwable again) {
            throw new AssertionError(again);
        }
    }
}
