package org.attention4j.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** Native memory that is a tensor both here and in ONNX Runtime. Made once and refilled; closed with what holds it. */
final class NativeTensor implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final Tensor tensor;
    private final OnnxTensor onnx;
    private Optional<OnnxTensor> beginning = Optional.empty();

    /**
     * Zeros.
     *
     * @throws BackendException if there is not enough memory, or more than 2 GiB are asked for in one tensor
     */
    NativeTensor(OrtEnvironment environment, String name, DType dtype, Shape shape) {
        long bytes = dtype.byteSize(shape);
        if (bytes > Integer.MAX_VALUE) {
            arena.close();
            throw new BackendException("onnx: %s %s%s takes %d bytes, expected at most %d in one tensor"
                    .formatted(name, dtype, shape, bytes, Integer.MAX_VALUE));
        }
        try {
            MemorySegment memory = ZeroedMemory.allocate(arena, bytes);
            this.tensor = Tensor.of(dtype, shape, memory);
            this.onnx = view(environment, tensor);
        } catch (BackendException | OrtException e) {
            arena.close();
            throw new BackendException("onnx: %s %s%s: %s".formatted(name, dtype, shape, e.getMessage()), e);
        }
    }

    private static OnnxTensor view(OrtEnvironment environment, Tensor tensor) throws OrtException {
        ByteBuffer buffer = tensor.data().asByteBuffer().order(ByteOrder.nativeOrder());
        return OnnxTensor.createTensor(environment, buffer, tensor.shape().dims(), OrtTypes.javaType(tensor.dtype()));
    }

    /** The memory as a tensor. */
    Tensor tensor() {
        return tensor;
    }

    /** The memory as ONNX Runtime's tensor. */
    OnnxTensor onnx() {
        return onnx;
    }

    /** The beginning of the memory as a smaller tensor of ONNX Runtime, which is kept until another is asked for. */
    OnnxTensor beginning(OrtEnvironment environment, Shape shape) {
        if (shape.equals(tensor.shape())) {
            return onnx;
        }
        Optional<OnnxTensor> known =
                beginning.filter(t -> Arrays.equals(t.getInfo().getShape(), shape.dims()));
        if (known.isPresent()) {
            return known.get();
        }
        beginning.ifPresent(OnnxTensor::close);
        beginning = Optional.empty();
        DType dtype = tensor.dtype();
        try {
            MemorySegment data = tensor.data().asSlice(0, dtype.byteSize(shape));
            OnnxTensor made = view(environment, Tensor.of(dtype, shape, data));
            beginning = Optional.of(made);
            return made;
        } catch (OrtException e) {
            throw new BackendException("onnx: %s%s: %s".formatted(dtype, shape, e.getMessage()), e);
        }
    }

    void fill(Tensor source) {
        tensor.copyFrom(source);
    }

    /** A copy that outlives this. */
    Tensor copy() {
        Tensor out = Tensor.zeros(tensor.dtype(), tensor.shape());
        out.copyFrom(tensor);
        return out;
    }

    @Override
    public void close() {
        beginning.ifPresent(OnnxTensor::close);
        onnx.close();
        arena.close();
    }
}
