package org.attention4j.onnx.emit;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.file.ExternalDataWriter.Source;
import org.attention4j.onnx.proto.TensorProto.DataType;

/** Stores tensors of a model; equal constants are stored once. */
abstract class TensorWriter {
    private static final int COPIED_BYTES = 1 << 20;

    /** What {@code make} writes into the model's outermost graph, written once for each key. */
    abstract String once(Object key, Function<OnnxWriter, String> make);

    /** Stores bytes that are made chunk by chunk. */
    abstract String initializer(String label, DataType type, long[] shape, int chunkBytes, Supplier<Source> source);

    /** Stores the values of tensors, one after the other, as one F32 tensor. */
    public String f32(String label, long[] shape, List<Tensor> tensors) {
        return initializer(label, DataType.FLOAT, shape, FloatSource.CHUNK_BYTES, () -> {
            List<Source> sources =
                    tensors.stream().<Source>map(FloatSource::new).toList();
            long[] sizes = tensors.stream()
                    .mapToLong(t -> t.shape().elements() * Float.BYTES)
                    .toArray();
            return Concatenated.of(sources, sizes);
        });
    }

    /** Stores a tensor of a plain type. */
    public String constant(String label, Tensor tensor) {
        return initializer(
                label,
                OnnxTypes.dataType(tensor.dtype()),
                tensor.shape().dims(),
                COPIED_BYTES,
                () -> (at, target) -> target.copyFrom(tensor.bytes(at, target.byteSize())));
    }

    /** Stores an I64 vector; equal ones are stored once. */
    public String constant(long... values) {
        return once(
                "i64 " + Arrays.toString(values), w -> w.constant("i64", Tensor.i64(Shape.of(values.length), values)));
    }

    /** Stores an I64 scalar; equal ones are stored once. */
    public String scalar(long value) {
        return once("scalar i64 " + value, w -> w.constant("i64", Tensor.scalar(value)));
    }

    /** Stores an F32 scalar; equal ones are stored once. */
    public String scalar(float value) {
        return once("scalar f32 " + value, w -> w.constant("f32", Tensor.scalar(value)));
    }
}
