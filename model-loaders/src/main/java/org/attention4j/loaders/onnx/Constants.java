package org.attention4j.loaders.onnx;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.file.TensorBytes;
import org.attention4j.onnx.proto.SparseTensorProto;
import org.attention4j.onnx.proto.TensorProto;

/** The tensors of one model. What lies in files stays there, mapped. */
final class Constants {
    /** A sparse tensor is made dense; one of more elements than this is refused. */
    private static final long MOST_SPARSE_ELEMENTS = 1 << 24;

    private final TensorBytes bytes;

    /** @param model the model's file, in whose folder side files are looked for */
    Constants(Path model) {
        // Freed with the last tensor that lies in it.
        this.bytes = new TensorBytes(model, Arena.ofAuto());
    }

    /** A tensor of the model; its memory is read-only. */
    Tensor of(TensorProto proto) {
        DType dtype = ElementTypes.of(proto.getDataType(), "tensor '" + proto.getName() + "'");
        try {
            return Tensor.of(
                    dtype,
                    Shape.of(proto.getDimsList().stream()
                            .mapToLong(Long::longValue)
                            .toArray()),
                    bytes.of(proto));
        } catch (IOException | IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            boolean named = message.startsWith("tensor ");
            throw ImportException.broken("%s%s", named ? "" : "tensor '" + proto.getName() + "': ", message);
        }
    }

    /** A sparse tensor, made dense. */
    Tensor of(SparseTensorProto proto) {
        String name = proto.getValues().getName();
        long[] dims = proto.getDimsList().stream().mapToLong(Long::longValue).toArray();
        long elements = 1;
        for (long dim : dims) {
            elements = dim < 0 || dim > MOST_SPARSE_ELEMENTS ? MOST_SPARSE_ELEMENTS + 1 : elements * dim;
            if (elements > MOST_SPARSE_ELEMENTS) {
                throw ImportException.unsupported(
                        "sparse tensor '%s' has dimensions %s, expected at most %d elements",
                        name, proto.getDimsList(), MOST_SPARSE_ELEMENTS);
            }
        }
        Tensor values = of(proto.getValues());
        Tensor indices = of(proto.getIndices());
        Tensor dense = Tensor.zeros(values.dtype(), Shape.of(dims));
        long count = values.shape().elements();
        boolean linear = indices.shape().rank() == 1;
        if (indices.dtype() != DType.I64 || indices.shape().elements() != count * (linear ? 1 : dims.length)) {
            throw ImportException.broken(
                    "sparse tensor '%s': indices are %s, expected I64[%d] or I64[%d, %d]",
                    name, indices, count, count, dims.length);
        }
        for (long i = 0; i < count; i++) {
            long at = 0;
            if (linear) {
                at = indices.getLong(i);
            } else {
                for (int axis = 0; axis < dims.length; axis++) {
                    at = at * dims[axis] + indices.getLong(i * dims.length + axis);
                }
            }
            if (at < 0 || at >= elements) {
                throw ImportException.broken(
                        "sparse tensor '%s': index %d is outside of its %d elements", name, at, elements);
            }
            dense.setDouble(at, values.getDouble(i));
        }
        return dense;
    }
}
