package org.attention4j.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxSparseTensor;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.google.common.collect.ImmutableMap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** A file in a session of ONNX Runtime, as it is: what an imported graph is compared with. Not thread-safe. */
public final class OnnxFile implements AutoCloseable {
    private final Path file;
    private final OrtEnvironment environment;
    private final OrtSession session;

    private OnnxFile(Path file, OrtEnvironment environment, OrtSession session) {
        this.file = file;
        this.environment = environment;
        this.session = session;
    }

    /**
     * Makes the session.
     *
     * @throws BackendException if ONNX Runtime refuses the model, with its reason
     */
    public static OnnxFile open(Path file) {
        OrtEnvironment environment = OrtRuntime.environment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            return new OnnxFile(file, environment, environment.createSession(file.toString(), options));
        } catch (OrtException e) {
            throw failure(file, "ONNX Runtime refuses the model", e);
        }
    }

    /** The model's inputs, by name, in order: the rank and the sizes, of which those that are open are −1. */
    public ImmutableMap<String, List<Long>> inputs() {
        ImmutableMap.Builder<String, List<Long>> inputs = ImmutableMap.builder();
        try {
            for (NodeInfo info : session.getInputInfo().values()) {
                List<Long> dims = new ArrayList<>();
                if (info.getInfo() instanceof TensorInfo tensor) {
                    for (long dim : tensor.getShape()) {
                        dims.add(dim);
                    }
                }
                inputs.put(info.getName(), dims);
            }
        } catch (OrtException e) {
            throw failure(file, "its inputs can't be read", e);
        }
        return inputs.buildOrThrow();
    }

    /**
     * Runs the model.
     *
     * @param inputs by name; those that the model does not have are left out
     * @return all outputs that are tensors of types that graphs have, by name; sparse ones are made dense
     * @throws BackendException if the run fails
     */
    public ImmutableMap<String, Tensor> run(Map<String, Tensor> inputs) {
        Map<String, NativeTensor> held = new HashMap<>();
        try {
            Map<String, OnnxTensor> given = new HashMap<>();
            for (Map.Entry<String, Tensor> e : inputs.entrySet()) {
                if (session.getInputNames().contains(e.getKey())) {
                    Tensor t = e.getValue();
                    NativeTensor copy = new NativeTensor(environment, e.getKey(), t.dtype(), t.shape());
                    held.put(e.getKey(), copy);
                    copy.fill(t);
                    given.put(e.getKey(), copy.onnx());
                }
            }
            try (OrtSession.Result result = session.run(given)) {
                ImmutableMap.Builder<String, Tensor> out = ImmutableMap.builder();
                for (Map.Entry<String, OnnxValue> e : result) {
                    if (e.getValue() instanceof OnnxTensor tensor && tensor.getInfo().type != OnnxJavaType.STRING) {
                        out.put(e.getKey(), copy(tensor));
                    }
                    if (e.getValue() instanceof OnnxSparseTensor sparse
                            && sparse.getValue() instanceof OnnxSparseTensor.COOTensor entries) {
                        out.put(e.getKey(), dense(entries));
                    }
                }
                return out.buildOrThrow();
            }
        } catch (OrtException e) {
            throw failure(file, "ONNX Runtime failed", e);
        } finally {
            held.values().forEach(NativeTensor::close);
        }
    }

    private Tensor copy(OnnxTensor tensor) {
        Shape shape = Shape.of(tensor.getInfo().getShape());
        DType dtype = dtype(tensor.getInfo().type);
        Tensor out = Tensor.zeros(dtype, shape);
        ByteBuffer bytes = tensor.getByteBuffer();
        MemorySegment.copy(
                MemorySegment.ofBuffer(bytes), 0, out.data(), 0, out.data().byteSize());
        return out;
    }

    private Tensor dense(OnnxSparseTensor.COOTensor entries) {
        Shape shape = Shape.of(entries.getDenseShape());
        DType dtype = dtype(entries.getType());
        long count = entries.getNumNonZeroElements();
        Tensor out = Tensor.zeros(dtype, shape);
        Tensor values = Tensor.zeros(dtype, Shape.of(count));
        MemorySegment.copy(
                MemorySegment.ofBuffer(entries.getValues()),
                0,
                values.data(),
                0,
                values.data().byteSize());
        LongBuffer indices = entries.getIndices();
        // One number for each entry, or one for each of its dimensions.
        int each = entries.getIndicesShape().length == 1 ? 1 : shape.rank();
        for (long i = 0; i < count; i++) {
            long at = 0;
            for (int axis = 0; axis < each; axis++) {
                at = at * (each == 1 ? 1 : shape.dim(axis)) + indices.get(Math.toIntExact(i * each + axis));
            }
            out.setDouble(at, values.getDouble(i));
        }
        return out;
    }

    private DType dtype(OnnxJavaType type) {
        return switch (type) {
            case FLOAT -> DType.F32;
            case DOUBLE -> DType.F64;
            case FLOAT16 -> DType.F16;
            case BFLOAT16 -> DType.BF16;
            case INT64 -> DType.I64;
            case INT32 -> DType.I32;
            case INT8 -> DType.I8;
            case UINT8 -> DType.U8;
            case BOOL -> DType.BOOL;
            default -> throw new BackendException("%s: an output is of type %s".formatted(file, type));
        };
    }

    private static BackendException failure(Path file, String what, OrtException e) {
        String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("no message");
        return new BackendException("%s: %s: %s".formatted(file, what, reason), e);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw failure(file, "the session can't be closed", e);
        }
    }
}
