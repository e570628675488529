package org.attention4j.onnx.linear;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.emit.Concatenated;
import org.attention4j.onnx.emit.OnnxWriter;
import org.attention4j.onnx.file.ExternalDataWriter.Source;
import org.attention4j.onnx.proto.TensorProto.DataType;

/**
 * Weight matrices of one type and one number of columns, one below the other.
 *
 * @param label names them in the model
 * @param key equal for equal rows
 * @param tensors {@code [rows, columns]} each
 */
record WeightRows(String label, Object key, List<Tensor> tensors) {
    WeightRows {
        tensors = ImmutableList.copyOf(tensors);
    }

    /** All rows of these tensors. */
    static WeightRows of(String label, List<Tensor> tensors) {
        return new WeightRows(label, ImmutableList.copyOf(tensors), tensors);
    }

    DType dtype() {
        return tensors.getFirst().dtype();
    }

    long rows() {
        return tensors.stream().mapToLong(t -> t.shape().dim(0)).sum();
    }

    long columns() {
        return tensors.getFirst().shape().dim(1);
    }

    /** The same rows in parts of at most {@code maxElements} weights, if they are those of one tensor. */
    List<WeightRows> split(long maxElements) {
        long parts = Math.ceilDiv(rows() * columns(), maxElements);
        if (tensors.size() > 1 || parts <= 1) {
            return List.of(this);
        }
        Tensor t = tensors.getFirst();
        long perPart = Math.ceilDiv(rows(), parts);
        List<WeightRows> out = new ArrayList<>();
        for (long first = 0; first < rows(); first += perPart) {
            long n = Math.min(perPart, rows() - first);
            out.add(new WeightRows(label, List.of(key, first), List.of(t.rows(first, n))));
        }
        return out;
    }

    /** The ONNX name of a piece of each of the rows' blocks, stored once. */
    String piece(OnnxWriter w, String name, DataType type, BlockPiece piece, long... shape) {
        return w.once(
                List.of(name, key),
                root -> root.initializer(label + "/" + name, type, shape, BlockSource.chunkBytes(piece), () -> {
                    List<Source> sources = tensors.stream()
                            .<Source>map(t -> new BlockSource(t, piece))
                            .toList();
                    long[] sizes = tensors.stream()
                            .mapToLong(t -> BlockSource.size(t, piece))
                            .toArray();
                    return Concatenated.of(sources, sizes);
                }));
    }

    /** {@link #piece} of which little is read in a run. */
    String seldomRead(OnnxWriter w, String name, DataType type, BlockPiece piece, long... shape) {
        String stored = piece(w, name, type, piece, shape);
        w.weights().readSeldom(stored);
        return stored;
    }

    /** The ONNX name of the zero points of a layout that has them, stored once: each row in whole bytes. */
    String zeroPoints(OnnxWriter w, String name, BlockLayout layout, long... shape) {
        return w.once(List.of(name, key), root -> {
            long rowBytes = ZeroPointSource.rowBytes(layout, columns());
            int chunkBytes = ZeroPointSource.chunkBytes(rowBytes);
            return root.initializer(label + "/" + name, DataType.UINT8, shape, chunkBytes, () -> {
                List<Source> sources = tensors.stream()
                        .<Source>map(t -> new ZeroPointSource(t, layout))
                        .toList();
                long[] sizes = tensors.stream()
                        .mapToLong(t -> t.shape().dim(0) * rowBytes)
                        .toArray();
                return Concatenated.of(sources, sizes);
            });
        });
    }

    /** The ONNX name of the rows as F32, stored once. */
    String f32(OnnxWriter w) {
        return w.once(
                List.of("f32 rows", key), root -> root.f32(label + "/f32", new long[] {rows(), columns()}, tensors));
    }

    /** Says that all that is stored of the rows has been. */
    void release(OnnxWriter w) {
        tensors.forEach(w.weights()::wasRead);
    }
}
