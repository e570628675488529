package org.attention4j.onnx.custom;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What ONNX Runtime calls for each node of an operator. A kernel's address is the number of its weights. Nothing is thrown: an exception in a
 * call from native code would end the process, so it becomes a status, which the session's run throws.
 *
 * @param <W> its weights
 */
@SuppressWarnings("restricted") // Native code is what this is for.
abstract class NumberedKernel<W> {
    private static final int FAIL = 1;
    private static final MemorySegment ATTRIBUTE = Arena.global().allocateFrom(CustomOps.WEIGHTS);

    private final Numbered<W> weights;

    NumberedKernel(Numbered<W> weights) {
        this.weights = weights;
    }

    /** Computes a node. */
    abstract void compute(W weights, KernelCall call) throws Throwable;

    /** {@code CreateKernelV2(op, api, info, kernel)}. */
    final MemorySegment create(MemorySegment op, MemorySegment ortApi, MemorySegment info, MemorySegment kernel) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(JAVA_LONG);
            Calls.check(
                    () -> (MemorySegment) OrtApi.KERNEL_INFO_GET_ATTRIBUTE_INT64.invokeExact(info, ATTRIBUTE, number));
            weights.get(number.get(JAVA_LONG, 0));
            kernel.reinterpret(ADDRESS.byteSize()).set(ADDRESS, 0, MemorySegment.ofAddress(number.get(JAVA_LONG, 0)));
            return MemorySegment.NULL;
        } catch (Throwable e) {
            return failure(e);
        }
    }

    /** {@code KernelDestroy(kernel)}: the weights belong to the session. */
    final void destroy(MemorySegment kernel) {}

    /** {@code KernelComputeV2(kernel, context)}. */
    final long compute(long kernel, long context) {
        try {
            compute(weights.get(kernel), KernelCall.of(context));
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
