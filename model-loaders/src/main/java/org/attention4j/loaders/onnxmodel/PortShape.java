package org.attention4j.loaders.onnxmodel;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.attention4j.core.external.ExternalState;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.tensor.DType;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.UnsupportedModelException;
import org.attention4j.onnx.proto.TensorProto.DataType;
import org.attention4j.onnx.proto.TensorShapeProto.Dimension;
import org.attention4j.onnx.proto.ValueInfoProto;

/** The type of an input or output of a graph. */
final class PortShape {
    private static final long LARGEST_STATE = Integer.MAX_VALUE;

    private final Path file;
    private final ValueInfoProto port;

    PortShape(Path file, ValueInfoProto port) {
        this.file = file;
        this.port = port;
    }

    /** The type of its elements. */
    DType dtype() {
        int number = port.getType().getTensorType().getElemType();
        DataType type = DataType.forNumber(number);
        if (type == null) {
            throw new ModelFormatException(file, "%s has the unknown type %d".formatted(quote(port.getName()), number));
        }
        return OnnxCheckpoint.dtype(type)
                .orElseThrow(() -> new UnsupportedModelException(
                        file, "%s is of the type %s, which is not supported".formatted(quote(port.getName()), type)));
    }

    private List<Dimension> dims() {
        return port.getType().getTensorType().getShape().getDimList();
    }

    /** Its sizes, −1 where one is not fixed. */
    List<Long> sizes() {
        List<Long> sizes = new ArrayList<>();
        for (Dimension d : dims()) {
            if (d.hasDimValue() && d.getDimValue() < 0) {
                throw new ModelFormatException(
                        file,
                        "%s has a dimension of %d, expected at least 0"
                                .formatted(quote(port.getName()), d.getDimValue()));
            }
            sizes.add(d.hasDimValue() ? d.getDimValue() : -1);
        }
        return sizes;
    }

    /** The name of its first size, or nothing if it has none. */
    String first() {
        return dims().isEmpty() ? "" : dims().getFirst().getDimParam();
    }

    /**
     * The input as a state.
     *
     * @param output its next value
     * @param batch what the sizes of batches are called in the graph
     */
    ExternalState state(String output, int layer, String batch) {
        List<Long> sizes = sizes();
        List<Dim> dims = new ArrayList<>();
        OptionalInt growing = OptionalInt.empty();
        for (int i = 0; i < sizes.size(); i++) {
            if (sizes.get(i) >= 0) {
                dims.add(Dim.of(sizes.get(i)));
            } else if (isBatch(i, batch)) {
                dims.add(Dim.of(1));
            } else if (growing.isEmpty()) {
                growing = OptionalInt.of(i);
                dims.add(Dims.CONTEXT);
            } else {
                throw new UnsupportedModelException(
                        file,
                        "the state %s has two unknown sizes, dimensions %d and %d, expected one"
                                .formatted(quote(port.getName()), growing.getAsInt(), i));
            }
        }
        requireSize(sizes);
        return new ExternalState(port.getName(), output, layer, new TensorType(dtype(), dims), growing);
    }

    /** By its name if sizes of batches have one, else the first. */
    private boolean isBatch(int axis, String batch) {
        String name = dims().get(axis).getDimParam();
        boolean several = name.contains("head");
        boolean nameless = name.isEmpty() || batch.isEmpty();
        return !several && (nameless ? axis == 0 : (name.equals(batch) || name.startsWith("batch")));
    }

    private void requireSize(List<Long> sizes) {
        long bytes = dtype().blockBytes();
        for (long size : sizes) {
            long factor = Math.max(size, 1);
            if (bytes > LARGEST_STATE / factor) {
                throw new ModelFormatException(
                        file,
                        "the state %s with the sizes %s takes more than %d bytes for a token"
                                .formatted(quote(port.getName()), sizes, LARGEST_STATE));
            }
            bytes *= factor;
        }
    }
}
