package org.attention4j.loaders.onnx.op;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.loaders.onnx.DimAlgebra;
import org.attention4j.loaders.onnx.OnnxNode;
import org.attention4j.loaders.onnx.OnnxOperators;
import org.attention4j.loaders.onnx.OperatorTable;

/** Convolutions: those of token mixers along one axis, those of images along two. */
@AutoService(OnnxOperators.class)
public final class ConvOps implements OnnxOperators {
    @Override
    public void addTo(OperatorTable table) {
        table.addOne("Conv", ConvOps::conv);
    }

    /** x {@code [batch, channels, size…]}, weight {@code [out, channels / groups, kernel…]}. */
    private static Value conv(OnnxNode n) {
        GraphBuilder b = n.builder();
        Value weight = n.input(1);
        if (n.type(0).rank() < 3 || weight.type().rank() != n.type(0).rank()) {
            throw n.broken("%s and weights %s, expected equally many dimensions, at least 3", n.type(0), n.type(1));
        }
        List<Integer> kernel = new ArrayList<>();
        for (int i = 2; i < weight.type().rank(); i++) {
            kernel.add(n.fixed(weight.type().dim(i), "the kernel"));
        }
        long groups = n.attribute("group", 1L);
        int channels = n.fixed(n.type(0).dim(1), "the number of channels");
        int outputs = n.fixed(weight.type().dim(0), "the number of outputs");
        if (groups < 1 || channels % groups != 0 || outputs % groups != 0) {
            throw n.broken("%d groups of %d channels and %d outputs", groups, channels, outputs);
        }
        n.equal(weight.type().dim(1), Dim.of(channels / groups));
        Windows windows = new Windows(n, kernel);
        Value x = windows.padded(n.input(0), 0);
        boolean oneForEach = kernel.size() == 1 && groups == channels && outputs == channels;
        Value y = oneForEach ? taps(n, windows, x, kernel.getFirst()) : product(n, windows, x, groups);
        if (!n.has(2)) {
            return y;
        }
        List<Dim> dims = new ArrayList<>(List.of(Dim.of(outputs)));
        kernel.forEach(k -> dims.add(Dim.of(1)));
        return b.add(y, b.reshape(n.input(2), dims));
    }

    /** Of one kernel for each channel: a product of vectors for each tap. */
    private static Value taps(OnnxNode n, Windows windows, Value x, int kernel) {
        GraphBuilder b = n.builder();
        Dim channels = x.type().dim(1);
        Value sum = b.mul(windows.entry(x, 0), b.reshape(b.slice(n.input(1), 2, 0, 1), channels, Dim.of(1)));
        for (int k = 1; k < kernel; k++) {
            Value w = b.reshape(b.slice(n.input(1), 2, k, k + 1L), channels, Dim.of(1));
            sum = b.add(sum, b.mul(windows.entry(x, k), w));
        }
        return sum;
    }

    /** In each group, a product of matrices: a column holds what one window sees. */
    private static Value product(OnnxNode n, Windows windows, Value x, long groups) {
        GraphBuilder b = n.builder();
        Value seen = b.transpose(windows.all(x), windows.kernelFirst());
        int axes = x.type().rank() - 2;
        List<Dim> counts = seen.type().dims().subList(2 + axes, 2 + 2 * axes);
        List<Dim> weight = n.type(1).dims();
        Dim entries = DimAlgebra.product(weight.subList(1, weight.size()));
        Dim outputs = Dim.of(n.fixed(weight.getFirst(), "the number of outputs") / groups);
        Dim batch = x.type().dim(0);
        Value columns = b.reshape(seen, batch, Dim.of(groups), entries, DimAlgebra.product(counts));
        Value y = b.matMul(b.reshape(n.input(1), Dim.of(groups), outputs, entries), columns);
        List<Dim> dims = new ArrayList<>(List.of(batch, weight.getFirst()));
        dims.addAll(counts);
        return b.reshape(y, dims);
    }
}
