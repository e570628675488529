package org.attention4j.onnx.custom;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.onnxruntime.OrtSession;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Functions of ONNX Runtime's C API. Its table of functions only ever grows at the end, so a function's index stays as it is:
 * {@code onnxruntime_c_api.h}, {@code struct OrtApi}.
 */
@SuppressWarnings("restricted") // Native code is what this is for.
final class OrtApi {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final long MOST_FUNCTIONS = 300;

    // Constants, so that calls are compiled. Most functions return an OrtStatus*, null if all is well. Where calls are
    // many, addresses are numbers.
    private static final MemorySegment TABLE = table();
    static final MethodHandle CREATE_STATUS = function(0, FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS));
    static final MethodHandle GET_ERROR_MESSAGE = function(2, FunctionDescriptor.of(ADDRESS, ADDRESS));
    static final MethodHandle CREATE_CUSTOM_OP_DOMAIN = status(26, ADDRESS, ADDRESS);
    static final MethodHandle CUSTOM_OP_DOMAIN_ADD = status(27, ADDRESS, ADDRESS);
    static final MethodHandle ADD_CUSTOM_OP_DOMAIN = status(28, ADDRESS, ADDRESS);
    static final MethodHandle GET_TENSOR_MUTABLE_DATA = quick(Address.GET_TENSOR_MUTABLE_DATA, JAVA_LONG, JAVA_LONG);
    static final MethodHandle GET_DIMENSIONS_COUNT = quick(Address.GET_DIMENSIONS_COUNT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle GET_DIMENSIONS = quick(Address.GET_DIMENSIONS, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle GET_TENSOR_TYPE_AND_SHAPE =
            quick(Address.GET_TENSOR_TYPE_AND_SHAPE, JAVA_LONG, JAVA_LONG);
    static final MethodHandle KERNEL_INFO_GET_ATTRIBUTE_FLOAT = status(85, ADDRESS, ADDRESS, ADDRESS);
    static final MethodHandle KERNEL_INFO_GET_ATTRIBUTE_INT64 = status(86, ADDRESS, ADDRESS, ADDRESS);
    static final MethodHandle KERNEL_INFO_GET_ATTRIBUTE_STRING = status(87, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    static final MethodHandle KERNEL_CONTEXT_GET_INPUT =
            quick(Address.KERNEL_CONTEXT_GET_INPUT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle KERNEL_CONTEXT_GET_OUTPUT = function(
            Address.KERNEL_CONTEXT_GET_OUTPUT.index,
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    static final MethodHandle RELEASE_TENSOR_TYPE_AND_SHAPE_INFO = function(
            Address.RELEASE_TENSOR_TYPE_AND_SHAPE_INFO.index,
            FunctionDescriptor.ofVoid(JAVA_LONG),
            Linker.Option.critical(false));
    static final MethodHandle KERNEL_CONTEXT_PARALLEL_FOR = function(
            Address.KERNEL_CONTEXT_PARALLEL_FOR.index,
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    /** Functions that are called while nodes are computed. */
    enum Address {
        GET_TENSOR_MUTABLE_DATA(51),
        GET_DIMENSIONS_COUNT(61),
        GET_DIMENSIONS(62),
        GET_TENSOR_TYPE_AND_SHAPE(65),
        KERNEL_CONTEXT_GET_INPUT(90),
        KERNEL_CONTEXT_GET_OUTPUT(91),
        RELEASE_TENSOR_TYPE_AND_SHAPE_INFO(99),
        KERNEL_CONTEXT_PARALLEL_FOR(274);

        private final int index;

        Address(int index) {
            this.index = index;
        }

        long value() {
            return TABLE.getAtIndex(ADDRESS, index).address();
        }
    }

    private OrtApi() {}

    /** That of the library that the Java API has loaded. */
    private static MemorySegment table() {
        long address = HiddenHandles.api();
        return MemorySegment.ofAddress(address).reinterpret(MOST_FUNCTIONS * ADDRESS.byteSize());
    }

    /** The {@code OrtSessionOptions*} behind options. */
    static MemorySegment handle(OrtSession.SessionOptions options) {
        return MemorySegment.ofAddress(HiddenHandles.of(options));
    }

    private static MethodHandle status(int index, MemoryLayout... parameters) {
        return function(index, FunctionDescriptor.of(ADDRESS, parameters));
    }

    /** A function that returns at once and calls nothing back. */
    private static MethodHandle quick(Address function, MemoryLayout... parameters) {
        return function(function.index, FunctionDescriptor.of(JAVA_LONG, parameters), Linker.Option.critical(false));
    }

    private static MethodHandle function(int index, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(TABLE.getAtIndex(ADDRESS, index), type, options);
    }
}
