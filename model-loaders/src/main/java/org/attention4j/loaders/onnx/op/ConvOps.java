package org.attention4j.loaders.onnx.op;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.loaders.onnx.OnnxNode;
import org.attention4j.loaders.onnx.OnnxOperators;
import org.attention4j.loaders.onnx.OperatorTable;

/** Convolutions along one axis: what token mixers have. */
@AutoService(OnnxOperators.class)
public final class ConvOps implements OnnxOperators {
    @Override
    public void addTo(OperatorTable table) {
        table.addOne("Conv", ConvOps::conv);
    }

    /** x {@code [batch, channels, length]}, weight {@code [out, channels / groups, kernel]}: a product for each tap. */
    private static Value conv(OnnxNode n) {
        GraphBuilder b = n.builder();
        Value x = n.input(0);
        Value weight = n.input(1);
        if (x.type().rank() != 3) {
            throw n.unsupported(
                    "%d dimensions, expected one beside batch and channels",
                    x.type().rank() - 2);
        }
        if (!n.attribute("auto_pad", "NOTSET").equals("NOTSET")) {
            throw n.unsupported("auto_pad is %s, expected NOTSET", n.attribute("auto_pad", ""));
        }
        long stride = first(n, "strides");
        long dilation = first(n, "dilations");
        int kernel = n.fixed(weight.type().dim(2), "the kernel");
        List<Long> pads = n.attributes().integers("pads").orElse(List.of(0L, 0L));
        if (pads.size() != 2 || stride < 1 || dilation < 1) {
            throw n.broken("pads %s, stride %d, dilation %d", pads, stride, dilation);
        }
        if (pads.get(0) > 0 || pads.get(1) > 0) {
            x = b.pad(x, 2, pads.get(0), pads.get(1), 0);
        }
        Dim reach = Dim.of(-dilation * (kernel - 1L) - 1);
        Dim length = x.type().dim(2).plus(reach);
        Dim count = length instanceof Dim.Fixed(long l)
                ? Dim.of(Math.floorDiv(l, stride) + 1)
                : length.plus(Dim.of(1)).dividedBy(stride);
        Value first = stride == 1 ? b.iota(count) : b.mul(b.iota(count), (double) stride);
        Value y = tap(n, b.gather(x, first, 2), weight, 0);
        for (int k = 1; k < kernel; k++) {
            Value at = b.add(first, b.scalar(DType.I64, (double) (k * dilation)));
            y = b.add(y, tap(n, b.gather(x, at, 2), weight, k));
        }
        return n.has(2) ? b.add(y, b.unsqueeze(n.input(2), -1)) : y;
    }

    private static long first(OnnxNode n, String attribute) {
        return n.attributes()
                .integers(attribute)
                .filter(l -> !l.isEmpty())
                .map(l -> l.getFirst())
                .orElse(1L);
    }

    /** What one tap adds: in each group, a product of matrices. */
    private static Value tap(OnnxNode n, Value x, Value weight, int k) {
        GraphBuilder b = n.builder();
        long groups = n.attribute("group", 1L);
        int channels = n.fixed(x.type().dim(1), "the number of channels");
        int outputs = n.fixed(weight.type().dim(0), "the number of outputs");
        if (groups < 1 || channels % groups != 0 || outputs % groups != 0) {
            throw n.broken("%d groups of %d channels and %d outputs", groups, channels, outputs);
        }
        Value w = b.slice(weight, 2, k, k + 1L);
        if (groups == channels && outputs == channels) {
            return b.mul(x, b.reshape(w, Dim.of(channels), Dim.of(1)));
        }
        Dim length = x.type().dim(2);
        Value parts = b.reshape(x, x.type().dim(0), Dim.of(groups), Dim.of(channels / groups), length);
        Value matrices = b.reshape(w, Dim.of(groups), Dim.of(outputs / groups), Dim.of(channels / groups));
        return b.reshape(b.matMul(matrices, parts), x.type().dim(0), Dim.of(outputs), length);
    }
}
