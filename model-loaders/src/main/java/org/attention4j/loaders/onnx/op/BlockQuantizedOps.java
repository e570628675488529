package org.attention4j.loaders.onnx.op;

import com.google.auto.service.AutoService;
import java.util.Optional;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Embedding;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.onnx.OnnxNode;
import org.attention4j.loaders.onnx.OnnxOperators;
import org.attention4j.loaders.onnx.OperatorTable;
import org.attention4j.loaders.packed.PackedRows;

/** Linear layers and tables whose weights are integers in groups: their blocks stay in the file and keep their values. */
@AutoService(OnnxOperators.class)
public final class BlockQuantizedOps implements OnnxOperators {
    @Override
    public void addTo(OperatorTable table) {
        table.addOne(OperatorTable.MICROSOFT, "MatMulNBits", BlockQuantizedOps::product);
        table.addOne(OperatorTable.MICROSOFT, "GatherBlockQuantized", BlockQuantizedOps::rows);
    }

    /** How exact the product is ({@code accuracy_level}) is for each backend to say. */
    private static Value product(OnnxNode n) {
        if (n.attribute("weight_prepacked", 0L) != 0) {
            throw n.unsupported("its weights are in the layout of one machine's kernels");
        }
        PackedRows packed = new PackedRows(
                integer(n, "bits", 4), integer(n, "block_size", 0), n.attribute("N", 0L), n.attribute("K", 0L));
        Tensor weight = packed.matrix(known(n, 1), known(n, 2), optional(n, 3), optional(n, 4));
        Value x = n.input(0);
        n.equal(x.type().dim(-1), Dim.of(packed.numInputs()));
        return ProductOps.linear(n, x, weight, n.find(5));
    }

    private static Value rows(OnnxNode n) {
        GraphBuilder b = n.builder();
        Tensor data = known(n, 0);
        Tensor scales = known(n, 2);
        int bits = integer(n, "bits", 4);
        int group = integer(n, "block_size", 128);
        boolean ofRows = data.shape().rank() == 2
                && scales.shape().rank() == 2
                && n.axis("gather_axis", 0, 2) == 0
                && n.axis("quantize_axis", 1, 2) == 1;
        if (!ofRows) {
            throw n.unsupported("data %s and scales %s, expected rows of a matrix in groups", data, scales);
        }
        long columns = data.shape().dim(1) * Byte.SIZE / Math.max(1, bits);
        Tensor table = new PackedRows(bits, group, data.shape().dim(0), columns)
                .matrix(data, scales, optional(n, 3), Optional.empty());
        Value ids = IndexOps.indices(n, 1, Dim.of(data.shape().dim(0)));
        Value y = b.apply(new Embedding(), ids, b.constant("table", table));
        return b.cast(y, scales.dtype());
    }

    private static int integer(OnnxNode n, String name, long otherwise) {
        return Math.toIntExact(n.attribute(name, otherwise));
    }

    private static Tensor known(OnnxNode n, int i) {
        return n.constant(i)
                .orElseThrow(() -> n.unsupported("input %d is computed when the graph runs (%s)", i, n.type(i)));
    }

    private static Optional<Tensor> optional(OnnxNode n, int i) {
        return n.has(i) ? Optional.of(known(n, i)) : Optional.empty();
    }
}
