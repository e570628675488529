package org.attention4j.onnx.custom;

import java.lang.foreign.MemorySegment;

/** Calls of {@link OrtApi}'s functions. */
@SuppressWarnings("restricted") // Native code is what this is for.
final class Calls {
    private static final long LONGEST_MESSAGE = 1L << 16;

    private Calls() {}

    /** A call that returns an {@code OrtStatus*}. */
    @FunctionalInterface
    interface Call {
        MemorySegment get() throws Throwable;
    }

    /** @throws UnsupportedOperationException with ONNX Runtime's message if the call returns a status */
    static void check(Call call) {
        try {
            MemorySegment status = call.get();
            if (status.address() != 0) {
                MemorySegment message = (MemorySegment) OrtApi.GET_ERROR_MESSAGE.invokeExact(status);
                throw new UnsupportedOperationException(
                        "ONNX Runtime: " + message.reinterpret(LONGEST_MESSAGE).getString(0));
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
