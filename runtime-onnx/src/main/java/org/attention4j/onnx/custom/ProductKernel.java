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
    private static final class Room {
        private final MemorySegment out = Arena.ofAuto().allocate(ADDRESS);
        private final MemorySegment count = Arena.ofAuto().allocate(JAVA_LONG);
        private final MemorySegment dims = Arena.ofAuto().allocate(JAVA_LONG, MOST_AXES);
        private MemorySegment scratch = MemorySegment.NULL;

        MemorySegment scratch(long bytes) {
            if (scratch.byteSize() < bytes) {
                scratch = Arena.ofAuto().allocate(bytes, 64);
            }
            return scratch;
        }
    }

    /** {@code CreateKernelV2(op, api, info, kernel)}. */
    MemorySegment create(MemorySegment op, MemorySegment ortApi, MemorySegment info, MemorySegment kernel) {
        try {
            Room room = rooms.get();
            Calls.check(() ->
                    (MemorySegment) OrtApi.KERNEL_INFO_GET_ATTRIBUTE_INT64.invokeExact(info, attribute, room.count));
            long number = room.count.get(JAVA_LONG, 0);
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
    MemorySegment compute(MemorySegment kernel, MemorySegment context) {
        try {
            compute(find(kernel.address()), context, rooms.get());
            return MemorySegment.NULL;
        } catch (Throwable e) {
            return failure(e);
        }
    }

    private static BlockProduct find(long number) {
        return GeneratedProducts.find(number)
                .orElseThrow(() -> new IllegalStateException("no weights have the number %d".formatted(number)));
    }

    private void compute(BlockProduct product, MemorySegment context, Room room) {
        Calls.check(() -> (MemorySegment) OrtApi.KERNEL_CONTEXT_GET_INPUT.invokeExact(context, 0L, room.out));
        MemorySegment x = room.out.get(ADDRESS, 0);
        int axes = dims(x, room);
        long tokens = 1;
        for (int i = 0; i < axes - 1; i++) {
            tokens *= room.dims.getAtIndex(JAVA_LONG, i);
        }
        long columns = room.dims.getAtIndex(JAVA_LONG, axes - 1L);
        if (columns != product.columns()) {
            throw new IllegalStateException(
                    "product: x has %d columns, expected %d as the weights".formatted(columns, product.columns()));
        }
        room.dims.setAtIndex(JAVA_LONG, axes - 1L, product.rows());
        long rank = axes;
        MemorySegment from = data(x, room);
        Calls.check(() ->
                (MemorySegment) OrtApi.KERNEL_CONTEXT_GET_OUTPUT.invokeExact(context, 0L, room.dims, rank, room.out));
        MemorySegment to = data(room.out.get(ADDRESS, 0), room);
        if (tokens > 0) {
            MemorySegment scratch = room.scratch(product.scratchBytes(tokens));
            product.run(from, to, tokens, scratch, (function, task, count) -> parallel(context, function, task, count));
        }
    }

    private void parallel(MemorySegment context, MemorySegment function, MemorySegment task, long count) {
        Calls.check(() ->
                (MemorySegment) OrtApi.KERNEL_CONTEXT_PARALLEL_FOR.invokeExact(context, function, count, 0L, task));
    }

    private MemorySegment data(MemorySegment value, Room room) {
        Calls.check(() -> (MemorySegment) OrtApi.GET_TENSOR_MUTABLE_DATA.invokeExact(value, room.out));
        return room.out.get(ADDRESS, 0);
    }

    /** Puts a tensor's dims into the room's, and returns how many there are. */
    private int dims(MemorySegment value, Room room) {
        Calls.check(() -> (MemorySegment) OrtApi.GET_TENSOR_TYPE_AND_SHAPE.invokeExact(value, room.out));
        MemorySegment info = room.out.get(ADDRESS, 0);
        Calls.check(() -> (MemorySegment) OrtApi.GET_DIMENSIONS_COUNT.invokeExact(info, room.count));
        long axes = room.count.get(JAVA_LONG, 0);
        if (axes < 1 || axes > MOST_AXES) {
            throw new IllegalStateException("product: x has %d axes, expected 1 to %d".formatted(axes, MOST_AXES));
        }
        Calls.check(() -> (MemorySegment) OrtApi.GET_DIMENSIONS.invokeExact(info, room.dims, axes));
        Calls.check(() -> {
            OrtApi.RELEASE_TENSOR_TYPE_AND_SHAPE_INFO.invokeExact(info);
            return MemorySegment.NULL;
        });
        return (int) axes;
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
