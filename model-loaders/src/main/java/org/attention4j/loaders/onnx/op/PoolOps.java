package org.attention4j.loaders.onnx.op;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.stream.IntStream;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.Value;
import org.attention4j.loaders.onnx.OnnxNode;
import org.attention4j.loaders.onnx.OnnxOperators;
import org.attention4j.loaders.onnx.OperatorTable;

/** What the entries of windows, or of all, come to. */
@AutoService(OnnxOperators.class)
public final class PoolOps implements OnnxOperators {
    @Override
    public void addTo(OperatorTable table) {
        table.addOne("MaxPool", PoolOps::max);
        table.addOne("AveragePool", PoolOps::average);
        table.addOne("GlobalMaxPool", n -> global(n, ReduceKind.MAX));
        table.addOne("GlobalAveragePool", n -> global(n, ReduceKind.MEAN));
    }

    private static Windows windows(OnnxNode n) {
        List<Long> kernel = n.attributes().integers("kernel_shape").orElse(List.of());
        return new Windows(
                n,
                kernel.stream().map(size -> n.fixed(Dim.of(size), "the kernel")).toList());
    }

    private static Value max(OnnxNode n) {
        if (n.gives(1)) {
            throw n.unsupported("it gives the places of the largest entries");
        }
        if (!n.type(0).dtype().isFloat()) {
            throw n.unsupported("its input is %s, expected floats", n.type(0));
        }
        Windows windows = windows(n);
        return windows.reduce(ReduceKind.MAX, windows.padded(n.input(0), Double.NEGATIVE_INFINITY));
    }

    private static Value average(OnnxNode n) {
        GraphBuilder b = n.builder();
        Windows windows = windows(n);
        Value x = n.input(0);
        if (!windows.isPadded() || n.flag("count_include_pad", false)) {
            return windows.reduce(ReduceKind.MEAN, windows.padded(x, 0));
        }
        // Each window's sum by how many of its entries are x's.
        Value ones = b.broadcast(b.scalar(x.type().dtype(), 1), x.type().dims());
        Value counts = windows.reduce(ReduceKind.SUM, windows.padded(ones, 0));
        return b.div(windows.reduce(ReduceKind.SUM, windows.padded(x, 0)), counts);
    }

    private static Value global(OnnxNode n, ReduceKind kind) {
        int rank = n.type(0).rank();
        if (rank < 3) {
            throw n.broken("its input is %s, expected at least 3 dimensions", n.type(0));
        }
        return n.builder()
                .reduce(kind, n.input(0), true, IntStream.range(2, rank).toArray());
    }
}
