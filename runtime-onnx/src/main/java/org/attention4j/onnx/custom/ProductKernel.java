package org.attention4j.onnx.custom;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.attention4j.x86.BlockProduct;

/**
 * What ONNX Runtime calls for each node of {@link CustomOps#PRODUCT}. A kernel's address is the number of its weights. Nothing is
 * thrown: an exception in a call from native code would end the process, so it becomes a status, which the session's run throws.
 */
@SuppressWarnings("restricted") // Native code is what this is for.
final class ProductKernel {
    private static final int FAIL = 1;
    private static final int MOST_AXES = 8;

    private final MemorySegment attribute = Arena.global().allocateFrom(CustomOps.WEIGHTS);
    private final ThreadLocal<Room> rooms = ThreadLocal.withInitial(Room::new);

    /** A thread's memory: for what functions return, and for products, which grows as they need it. */
    private static final class Room implements BlockProduct.Parallel {
        private final MemorySegment out = Arena.ofAuto().allocate(JAVA_LONG);
        private final MemorySegment dims = Arena.ofAuto().allocate(JAVA_LONG, MOST_AXES);
        private final long outAt = out.address();
        private final long dimsAt = dims.address();
        private MemorySegment scratch = MemorySegment.NULL;
        private long context;

        MemorySegment scratch(long bytes) {
            if (scratch.byteSize() < bytes) {
                scratch = Arena.ofAuto().allocate(bytes, 64);
            }
            return scratch;
        }

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
    }

    /** {@code CreateKernelV2(op, api, info, kernel)}. */
    MemorySegment create(MemorySegment op, MemorySegment ortApi, MemorySegment info, MemorySegment kernel) {
        try {
            Room room = rooms.get();
            Calls.check(() ->
                    (MemorySegment) OrtApi.KERNEL_INFO_GET_ATTRIBUTE_INT64.invokeExact(info, attribute, room.out));
            long number = room.out.get(JAVA_LONG, 0);
            find(number);
            kernel.reinterpret(ADDRESS.byteSize()).set(ADDRESS, 0, MemorySegment.ofAddress(number));
            return MemorySegment.NULL;
        } catch (Throwable e) {
            return failure(e);
        }
    }

    /** {@code KernelDestroy(kernel)}: the weights belong to the session. */
    void destroy(MemorySegment kernel) {}

    /** {@code KernelComputeV2(kernel, context)}. */
    long compute(long kernel, long context) {
        try {
            compute(find(kernel), context, rooms.get());
            return 0;
        } catch (Throwable e) {
            return failure(e).address();
        }
    }

    private static BlockProduct find(long number) {
        return GeneratedProducts.find(number)
                .orElseThrow(() -> new IllegalStateException("no weights have the number %d".formatted(number)));
    }

    // Called hundreds of times for each token: addresses are numbers, and nothing is made that must be compiled
    // besides.

    private static void compute(BlockProduct product, long context, Room room) throws Throwable {
        check((long) OrtApi.KERNEL_CONTEXT_GET_INPUT.invokeExact(context, 0L, room.outAt));
        long x = room.out.get(JAVA_LONG, 0);
        long axes = dims(x, room);
        long tokens = 1;
        for (long i = 0; i < axes - 1; i++) {
            tokens *= room.dims.getAtIndex(JAVA_LONG, i);
        }
        long columns = room.dims.getAtIndex(JAVA_LONG, axes - 1);
        if (columns != product.columns()) {
            throw new IllegalStateException(
                    "product: x has %d columns, expected %d as the weights".formatted(columns, product.columns()));
        }
        room.dims.setAtIndex(JAVA_LONG, axes - 1, product.rows());
        long from = data(x, room);
        check((long) OrtApi.KERNEL_CONTEXT_GET_OUTPUT.invokeExact(context, 0L, room.dimsAt, axes, room.outAt));
        long to = data(room.out.get(JAVA_LONG, 0), room);
        if (tokens > 0) {
            room.context = context;
            product.run(from, to, tokens, room.scratch(product.scratchBytes(tokens)), room);
        }
    }

    private static long data(long value, Room room) throws Throwable {
        check((long) OrtApi.GET_TENSOR_MUTABLE_DATA.invokeExact(value, room.outAt));
        return room.out.get(JAVA_LONG, 0);
    }

    /** Puts a tensor's dims into the room's, and returns how many there are. */
    private static long dims(long value, Room room) throws Throwable {
        check((long) OrtApi.GET_TENSOR_TYPE_AND_SHAPE.invokeExact(value, room.outAt));
        long info = room.out.get(JAVA_LONG, 0);
        check((long) OrtApi.GET_DIMENSIONS_COUNT.invokeExact(info, room.outAt));
        long axes = room.out.get(JAVA_LONG, 0);
        if (axes < 1 || axes > MOST_AXES) {
            throw new IllegalStateException("product: x has %d axes, expected 1 to %d".formatted(axes, MOST_AXES));
        }
        check((long) OrtApi.GET_DIMENSIONS.invokeExact(info, room.dimsAt, axes));
        OrtApi.RELEASE_TENSOR_TYPE_AND_SHAPE_INFO.invokeExact(info);
        return axes;
    }

    private static void check(long status) {
        if (status != 0) {
            Calls.check(() -> MemorySegment.ofAddress(status));
        }
    }

    private MemorySegment failure(Throwable e) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocateFrom(String.valueOf(e.getMessage()));
            return (MemorySegment) OrtApi.CREATE_STATUS.invokeExact(FAIL, message);
        } catch (Throwable again) {
            throw new AssertionError(again);
        }
    }
}
