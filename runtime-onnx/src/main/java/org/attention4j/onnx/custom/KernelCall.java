package org.attention4j.onnx.custom;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import com.google.common.primitives.ImmutableLongArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.attention4j.x86.Parallel;

/**
 * What a node may ask ONNX Runtime for while it is computed, with a thread's memory for what is returned. Called hundreds of times for
 * each token: addresses are numbers, and nothing is made that must be compiled besides.
 */
@SuppressWarnings("restricted") // Native code is what this is for.
final class KernelCall implements Parallel {
    private static final int MOST_AXES = 8;
    private static final ThreadLocal<KernelCall> CURRENT = ThreadLocal.withInitial(KernelCall::new);

    private final MemorySegment out = Arena.ofAuto().allocate(JAVA_LONG);
    private final MemorySegment dims = Arena.ofAuto().allocate(JAVA_LONG, MOST_AXES);
    private final long outAt = out.address();
    private final long dimsAt = dims.address();
    private MemorySegment scratch = MemorySegment.NULL;
    private long context;
    private long axes;

    private KernelCall() {}

    /** This thread's call, of the node that has this {@code OrtKernelContext*}. */
    static KernelCall of(long context) {
        KernelCall call = CURRENT.get();
        call.context = context;
        return call;
    }

    /** The address of an input's elements. */
    long elementsOf(long index) throws Throwable {
        return data(value(index));
    }

    /** The same; {@link #dim} tells its dims then, which takes three times as long. */
    long input(long index) throws Throwable {
        long value = value(index);
        check((long) OrtApi.GET_TENSOR_TYPE_AND_SHAPE.invokeExact(value, outAt));
        long info = out.get(JAVA_LONG, 0);
        check((long) OrtApi.GET_DIMENSIONS_COUNT.invokeExact(info, outAt));
        axes = out.get(JAVA_LONG, 0);
        if (axes >= MOST_AXES) {
            throw new IllegalStateException("an input has %d axes, expected at most %d".formatted(axes, MOST_AXES - 1));
        }
        check((long) OrtApi.GET_DIMENSIONS.invokeExact(info, dimsAt, axes));
        OrtApi.RELEASE_TENSOR_TYPE_AND_SHAPE_INFO.invokeExact(info);
        return data(value);
    }

    /** The number of the last input's axes. */
    long axes() {
        return axes;
    }

    /** Its size along an axis. */
    long dim(long axis) {
        return dims.getAtIndex(JAVA_LONG, axis);
    }

    /** The product of its first dims. */
    long elements(long firstAxes) {
        long product = 1;
        for (long i = 0; i < firstAxes; i++) {
            product *= dim(i);
        }
        return product;
    }

    /** The address of the first output's elements: its dims are the first ones of the last input's, then {@code last}. */
    long output(long firstAxes, long last) throws Throwable {
        dims.setAtIndex(JAVA_LONG, firstAxes, last);
        return outputOf(0, firstAxes + 1);
    }

    /** The address of an output's elements: its dims are those of the last input. */
    long output(long index) throws Throwable {
        return outputOf(index, axes);
    }

    /** The address of an output's elements: its dims are the first ones of the last input's, then {@code last}. */
    long output(long index, long firstAxes, ImmutableLongArray last) throws Throwable {
        for (int i = 0; i < last.length(); i++) {
            dims.setAtIndex(JAVA_LONG, firstAxes + i, last.get(i));
        }
        return outputOf(index, firstAxes + last.length());
    }

    private long outputOf(long index, long outputAxes) throws Throwable {
        check((long) OrtApi.KERNEL_CONTEXT_GET_OUTPUT.invokeExact(context, index, dimsAt, outputAxes, outAt));
        return data(out.get(JAVA_LONG, 0));
    }

    private long value(long index) throws Throwable {
        check((long) OrtApi.KERNEL_CONTEXT_GET_INPUT.invokeExact(context, index, outAt));
        return out.get(JAVA_LONG, 0);
    }

    private long data(long value) throws Throwable {
        check((long) OrtApi.GET_TENSOR_MUTABLE_DATA.invokeExact(value, outAt));
        return out.get(JAVA_LONG, 0);
    }

    /** Memory of the thread's own, which grows as products need it. */
    MemorySegment scratch(long bytes) {
        if (scratch.byteSize() < bytes) {
            scratch = Arena.ofAuto().allocate(bytes, 64);
        }
        return scratch;
    }

    /** On ONNX Runtime's threads. */
    @Override
    public void run(long function, long task, long count) {
        try {
            check((long) OrtApi.KERNEL_CONTEXT_PARALLEL_FOR.invokeExact(context, function, count, 0L, task));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static void check(long status) {
        if (status != 0) {
            Calls.check(() -> MemorySegment.ofAddress(status));
        }
    }
}
