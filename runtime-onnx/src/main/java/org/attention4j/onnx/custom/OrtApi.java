package org.attention4j.onnx.custom;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.onnxruntime.OrtSession;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Field;

/**
 * Functions of ONNX Runtime's C API. Its table of functions only ever grows at the end, so a function's index stays as it is:
 * {@code onnxruntime_c_api.h}, {@code struct OrtApi}.
 */
@SuppressWarnings("restricted") // Native code is what this is for.
final class OrtApi {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final long MOST_FUNCTIONS = 300;

    // Most functions return an OrtStatus*, null if all is well.
    final MethodHandle createStatus;
    final MethodHandle getErrorMessage;
    final MethodHandle createCustomOpDomain;
    final MethodHandle customOpDomainAdd;
    final MethodHandle addCustomOpDomain;
    final MethodHandle getTensorMutableData;
    final MethodHandle getDimensionsCount;
    final MethodHandle getDimensions;
    final MethodHandle getTensorTypeAndShape;
    final MethodHandle kernelInfoGetAttributeInt64;
    final MethodHandle kernelContextGetInput;
    final MethodHandle kernelContextGetOutput;
    final MethodHandle releaseTensorTypeAndShapeInfo;
    final MethodHandle kernelContextParallelFor;

    private OrtApi(MemorySegment table) {
        createStatus = function(table, 0, FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS));
        getErrorMessage = function(table, 2, FunctionDescriptor.of(ADDRESS, ADDRESS));
        createCustomOpDomain = status(table, 26, ADDRESS, ADDRESS);
        customOpDomainAdd = status(table, 27, ADDRESS, ADDRESS);
        addCustomOpDomain = status(table, 28, ADDRESS, ADDRESS);
        getTensorMutableData = quick(table, 51, ADDRESS, ADDRESS);
        getDimensionsCount = quick(table, 61, ADDRESS, ADDRESS);
        getDimensions = quick(table, 62, ADDRESS, ADDRESS, JAVA_LONG);
        getTensorTypeAndShape = quick(table, 65, ADDRESS, ADDRESS);
        kernelInfoGetAttributeInt64 = status(table, 86, ADDRESS, ADDRESS, ADDRESS);
        kernelContextGetInput = quick(table, 90, ADDRESS, JAVA_LONG, ADDRESS);
        kernelContextGetOutput = status(table, 91, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);
        releaseTensorTypeAndShapeInfo = function(table, 99, FunctionDescriptor.ofVoid(ADDRESS));
        kernelContextParallelFor = status(table, 274, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS);
    }

    /** That of the library that the Java API has loaded. */
    static OrtApi loaded() {
        long address = hidden("ai.onnxruntime.OnnxRuntime", "ortApiHandle", null);
        return new OrtApi(MemorySegment.ofAddress(address).reinterpret(MOST_FUNCTIONS * ADDRESS.byteSize()));
    }

    /** The {@code OrtSessionOptions*} behind options. */
    static MemorySegment handle(OrtSession.SessionOptions options) {
        return MemorySegment.ofAddress(hidden("ai.onnxruntime.OrtSession$SessionOptions", "nativeHandle", options));
    }

    /** An address that the Java API has but doesn't show. */
    private static long hidden(String type, String name, @org.jspecify.annotations.Nullable Object of) {
        try {
            Field field = Class.forName(type).getDeclaredField(name);
            field.setAccessible(true);
            return field.getLong(of);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new UnsupportedOperationException(
                    "this version of ONNX Runtime's Java API has no %s.%s to be read: %s".formatted(type, name, e), e);
        }
    }

    private static MethodHandle status(MemorySegment table, int index, java.lang.foreign.MemoryLayout... parameters) {
        return function(table, index, FunctionDescriptor.of(ADDRESS, parameters));
    }

    /** A function that returns at once and calls nothing back. */
    private static MethodHandle quick(MemorySegment table, int index, java.lang.foreign.MemoryLayout... parameters) {
        return function(table, index, FunctionDescriptor.of(ADDRESS, parameters), Linker.Option.critical(false));
    }

    private static MethodHandle function(
            MemorySegment table, int index, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(table.getAtIndex(ADDRESS, index), type, options);
    }
}
