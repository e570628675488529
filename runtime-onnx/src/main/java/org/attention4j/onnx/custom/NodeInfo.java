package org.attention4j.onnx.custom;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A node's attributes: {@code OrtKernelInfo}. */
record NodeInfo(MemorySegment info) {
    /** @throws UnsupportedOperationException if there is no such attribute */
    long integer(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocateFrom(name);
            MemorySegment out = arena.allocate(JAVA_LONG);
            Calls.check(() -> (MemorySegment) OrtApi.KERNEL_INFO_GET_ATTRIBUTE_INT64.invokeExact(info, key, out));
            return out.get(JAVA_LONG, 0);
        }
    }

    /** @throws UnsupportedOperationException if there is no such attribute */
    float number(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocateFrom(name);
            MemorySegment out = arena.allocate(JAVA_FLOAT);
            Calls.check(() -> (MemorySegment) OrtApi.KERNEL_INFO_GET_ATTRIBUTE_FLOAT.invokeExact(info, key, out));
            return out.get(JAVA_FLOAT, 0);
        }
    }

    /** @throws UnsupportedOperationException if there is no such attribute */
    String text(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocateFrom(name);
            MemorySegment size = arena.allocate(JAVA_LONG);
            Calls.check(() -> (MemorySegment)
                    OrtApi.KERNEL_INFO_GET_ATTRIBUTE_STRING.invokeExact(info, key, MemorySegment.NULL, size));
            MemorySegment out = arena.allocate(size.get(JAVA_LONG, 0));
            Calls.check(
                    () -> (MemorySegment) OrtApi.KERNEL_INFO_GET_ATTRIBUTE_STRING.invokeExact(info, key, out, size));
            return out.getString(0);
        }
    }
}
