package org.attention4j.onnx.custom;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.onnxruntime.OrtSession;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Optional;

/** The operators that are defined here, as ONNX Runtime wants them: {@code struct OrtCustomOp} of {@code onnxruntime_c_api.h}. */
public final class CustomOps {
    /** Their domain. */
    public static final String DOMAIN = "org.attention4j";

    /** {@code y = x · Wᵀ}; W is known by the number in {@link #WEIGHTS}. */
    public static final String PRODUCT = "BlockProduct";

    /** Rows of a table by their numbers, as F32; the table is known by the number in {@link #WEIGHTS}. */
    public static final String ROWS = "BlockRows";

    /**
     * {@link org.attention4j.core.mixer.linearattention.LinearRecurrence}, with its inputs and results. Attributes: {@link #DECAY}, {@link
     * #LOW_RANK}, {@link #READ_BEFORE}, {@link #SCALE}, {@link #HEADS}, {@link #KEY_DIM}, {@link #VALUE_DIM}.
     */
    public static final String LINEAR_RECURRENCE = "LinearRecurrence";

    /** {@link org.attention4j.core.mixer.mamba.SelectiveScan}, with its inputs and results. Attributes: {@link #CHANNELS}, {@link #STATES}. */
    public static final String SELECTIVE_SCAN = "SelectiveScan";

    /**
     * A {@link org.attention4j.x86.RowFunction} of its inputs. Attributes: {@link #FUNCTION}, {@link #LEADING}, {@link
     * #ROWS_OF}, {@link #TRAILING}.
     */
    public static final String ROW_FUNCTION = "RowFunction";

    /** {@link org.attention4j.core.mixer.rwkv.TokenShift} without padding, with its inputs and results. Attribute: {@link #CHANNELS}. */
    public static final String TOKEN_SHIFT = "TokenShift";

    /** A {@link RowFunctionText}. */
    public static final String FUNCTION = "function";

    /** How many dims of inputs and outputs are rows. */
    public static final String LEADING = "leading";

    /** The number of an input whose first dims they are. */
    public static final String ROWS_OF = "rows_of";

    /** The other dims of each output: commas between outputs, x between dims; none for one entry a row. */
    public static final String TRAILING = "trailing";

    /** The name of a {@link org.attention4j.core.mixer.linearattention.Decay}. */
    public static final String DECAY = "decay";

    public static final String LOW_RANK = "low_rank";
    public static final String READ_BEFORE = "read_before";
    public static final String SCALE = "scale";
    public static final String HEADS = "heads";
    public static final String KEY_DIM = "key_dim";
    public static final String VALUE_DIM = "value_dim";
    public static final String CHANNELS = "channels";
    public static final String STATES = "states";

    /** A number that {@link CustomWeights} gave. */
    public static final String WEIGHTS = "weights";

    private static final int API_VERSION = 16;
    private static final int FLOAT = 1;
    private static final int INT64 = 7;
    private static final int REQUIRED = 0;
    private static final int VARIADIC = 2;
    private static final Arena FOREVER = Arena.global();

    private CustomOps() {}

    /** Why sessions can't have them; empty if they can. */
    public static Optional<String> missing() {
        return HiddenHandles.missing();
    }

    /**
     * Lets a session have them.
     *
     * @throws UnsupportedOperationException if ONNX Runtime doesn't take them
     */
    public static void addTo(OrtSession.SessionOptions options) {
        Calls.check(() ->
                (MemorySegment) OrtApi.ADD_CUSTOM_OP_DOMAIN.invokeExact(OrtApi.handle(options), Holder.DOMAIN_HANDLE));
    }

    /** Made once in a process: ONNX Runtime has no way to take operators back from sessions. */
    @SuppressWarnings("restricted") // Native code is what this is for.
    private static final class Holder {
        private static final MemorySegment DOMAIN_HANDLE = domain();

        private static MemorySegment domain() {
            MemorySegment out = FOREVER.allocate(ADDRESS);
            MemorySegment name = FOREVER.allocateFrom(DOMAIN);
            Calls.check(() -> (MemorySegment) OrtApi.CREATE_CUSTOM_OP_DOMAIN.invokeExact(name, out));
            MemorySegment domain = out.get(ADDRESS, 0);
            for (MemorySegment op : List.of(
                    operator(PRODUCT, FLOAT, REQUIRED, new ProductKernel()),
                    operator(ROWS, INT64, REQUIRED, new RowsKernel()),
                    operator(LINEAR_RECURRENCE, FLOAT, VARIADIC, new LinearRecurrenceNode()),
                    operator(SELECTIVE_SCAN, FLOAT, VARIADIC, new SelectiveScanNode()),
                    operator(ROW_FUNCTION, FLOAT, VARIADIC, new RowFunctionNode()),
                    operator(TOKEN_SHIFT, FLOAT, VARIADIC, new TokenShiftNode()))) {
                Calls.check(() -> (MemorySegment) OrtApi.CUSTOM_OP_DOMAIN_ADD.invokeExact(domain, op));
            }
            return domain;
        }

        /**
         * Inputs of one type, F32 outputs.
         *
         * @param characteristic whether there is one of each, or any number
         */
        private static MemorySegment operator(String opName, int inputType, int characteristic, NodeKernel<?> kernel) {
            FunctionDescriptor ofOp = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG);
            MemorySegment float32 = constant(ofOp, FLOAT);
            MemorySegment count = constant(ofOp, characteristic);
            MemorySegment any = constant(FunctionDescriptor.of(JAVA_INT, ADDRESS), 1);
            MemorySegment one = constant(FunctionDescriptor.of(JAVA_LONG, ADDRESS), 1L);
            MemorySegment name = constant(FunctionDescriptor.of(ADDRESS, ADDRESS), FOREVER.allocateFrom(opName));
            MemorySegment anyProvider = constant(FunctionDescriptor.of(ADDRESS, ADDRESS), MemorySegment.NULL);
            MemorySegment none = MemorySegment.NULL;
            MemorySegment[] fields = {
                none, // CreateKernel
                name,
                anyProvider,
                constant(ofOp, inputType),
                one,
                float32, // GetOutputType
                one,
                none, // KernelCompute
                kernel.destroyFunction(),
                count, // GetInputCharacteristic
                count,
                constant(ofOp, 0), // GetInputMemoryType
                any, // at least so many inputs of a variadic one
                any, // whether they are of one type
                any,
                any,
                kernel.createFunction(),
                kernel.computeFunction(),
            };
            // Fields of later versions stay null.
            MemorySegment op = FOREVER.allocate(ADDRESS, 2L * fields.length);
            op.set(JAVA_INT, 0, API_VERSION);
            for (int i = 0; i < fields.length; i++) {
                op.setAtIndex(ADDRESS, 1L + i, fields[i]);
            }
            return op;
        }

        /** A function that takes what it is given and returns {@code value}. */
        private static MemorySegment constant(FunctionDescriptor type, Object value) {
            MethodType method = type.toMethodType();
            MethodHandle handle = MethodHandles.dropArguments(
                    MethodHandles.constant(method.returnType(), value), 0, method.parameterList());
            return Linker.nativeLinker().upcallStub(handle, type, FOREVER);
        }
    }
}
