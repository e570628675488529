package org.attention4j.loaders.onnx.op;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.norm.LayerNorm;
import org.attention4j.core.norm.RmsNorm;
import org.attention4j.loaders.onnx.DimAlgebra;
import org.attention4j.loaders.onnx.Imported;
import org.attention4j.loaders.onnx.OnnxNode;
import org.attention4j.loaders.onnx.OnnxOperators;
import org.attention4j.loaders.onnx.OperatorTable;

/** Norms, and ONNX Runtime's with a sum before them. */
@AutoService(OnnxOperators.class)
public final class NormOps implements OnnxOperators {
    @Override
    public void addTo(OperatorTable table) {
        String ms = OperatorTable.MICROSOFT;
        table.add(OperatorTable.ONNX, "LayerNormalization", NormOps::layerNorm);
        table.addOne("RMSNormalization", NormOps::rmsNorm);
        table.addOne("SimplifiedLayerNormalization", NormOps::rmsNorm);
        table.addOne(ms, "SimplifiedLayerNormalization", NormOps::rmsNorm);
        table.add(ms, "SkipLayerNormalization", n -> skip(n, true));
        table.add(ms, "SkipSimplifiedLayerNormalization", n -> skip(n, false));
        table.addOne("GroupNormalization", NormOps::groupNorm);
        table.addOne("InstanceNormalization", n -> ofGroups(n, n.type(0).dim(1), 1, 2, 1e-5f));
        table.add(ms, "EmbedLayerNormalization", EmbedLayerNorm::embed);
    }

    /** x with the dims from an axis on merged, normalised over these, and with its own dims again. */
    private static Value overLast(OnnxNode n, Value x, int axis, UnaryOperator<Value> norm) {
        GraphBuilder b = n.builder();
        List<Dim> dims = x.type().dims();
        Value wide = Elements.f32(n, x);
        if (axis == dims.size() - 1) {
            return norm.apply(wide);
        }
        List<Dim> merged = new ArrayList<>(dims.subList(0, axis));
        merged.add(DimAlgebra.product(dims.subList(axis, dims.size())));
        return b.reshape(norm.apply(b.reshape(wide, merged)), dims);
    }

    /** A scale or bias for each of the last entries, as a vector. */
    private static Value vector(OnnxNode n, Value parameter, List<Dim> dims) {
        GraphBuilder b = n.builder();
        n.broadcast(parameter.type().dims(), dims);
        Value spread = parameter.type().dims().equals(dims) ? parameter : b.broadcast(parameter, dims);
        return b.reshape(spread, DimAlgebra.product(dims));
    }

    private static List<Imported> layerNorm(OnnxNode n) {
        Value x = n.input(0);
        int axis = n.axis("axis", -1, x.type().rank());
        double eps = n.attribute("epsilon", (double) 1e-5f);
        List<Dim> last = x.type().dims().subList(axis, x.type().rank());
        Value scale = vector(n, n.input(1), last);
        Optional<Value> bias = n.find(2).map(v -> vector(n, v, last));
        Value y = overLast(n, x, axis, wide -> normalized(n, wide, eps, scale, bias));
        List<Value> out = new ArrayList<>(List.of(Elements.like(n, y, x.type())));
        if (n.gives(1) || n.gives(2)) {
            out.addAll(statistics(n, Elements.f32(n, x), axis, eps));
        }
        return OnnxNode.computed(out);
    }

    static Value normalized(OnnxNode n, Value x, double eps, Value scale, Optional<Value> bias) {
        LayerNorm norm = new LayerNorm(eps, true, bias.isPresent());
        return bias.isPresent()
                ? n.builder().apply(norm, x, scale, bias.get())
                : n.builder().apply(norm, x, scale);
    }

    /** The mean and 1 / √(variance + eps). */
    private static List<Value> statistics(OnnxNode n, Value x, int axis, double eps) {
        GraphBuilder b = n.builder();
        int[] axes = IntStream.range(axis, x.type().rank()).toArray();
        Value mean = b.reduce(ReduceKind.MEAN, x, true, axes);
        Value centered = b.sub(x, mean);
        Value variance = b.reduce(ReduceKind.MEAN, b.mul(centered, centered), true, axes);
        Value inverse = b.unary(UnaryKind.RECIPROCAL, b.unary(UnaryKind.SQRT, b.add(variance, eps)));
        return List.of(mean, inverse);
    }

    private static Value rmsNorm(OnnxNode n) {
        Value x = n.input(0);
        int axis = n.axis("axis", -1, x.type().rank());
        RmsNorm norm = new RmsNorm(n.attribute("epsilon", (double) 1e-5f));
        Value scale =
                vector(n, n.input(1), x.type().dims().subList(axis, x.type().rank()));
        Value y = overLast(n, x, axis, wide -> n.builder().apply(norm, wide, scale));
        return Elements.like(n, y, n.type(1));
    }

    /** Outputs: the norm of {@code input + skip + bias}, two that only training has, and the sum. */
    private static List<Imported> skip(OnnxNode n, boolean layerNorm) {
        GraphBuilder b = n.builder();
        Value x = n.input(0);
        Value sum = b.add(Elements.f32(n, x), Elements.f32(n, same(n, x, n.input(1))));
        int biasAt = layerNorm ? 4 : 3;
        if (n.has(biasAt)) {
            sum = Elements.add(n, sum, Elements.f32(n, n.input(biasAt)));
        }
        double eps = n.attribute("epsilon", (double) (layerNorm ? 1e-12f : 1e-5f));
        n.equal(n.type(2).dim(-1), x.type().dim(-1));
        Value y = layerNorm
                ? normalized(
                        n,
                        sum,
                        eps,
                        n.input(2),
                        n.find(3).map(v -> vector(n, v, List.of(x.type().dim(-1)))))
                : b.apply(new RmsNorm(eps), sum, n.input(2));
        Imported out = new Imported.Computed(Elements.like(n, y, x.type()));
        Imported total = new Imported.Computed(Elements.like(n, sum, x.type()));
        // The two in between are never read.
        return List.of(out, total, total, total);
    }

    private static Value same(OnnxNode n, Value x, Value skip) {
        n.broadcast(x.type().dims(), skip.type().dims());
        return skip;
    }

    private static Value groupNorm(OnnxNode n) {
        long groups = n.attribute("num_groups", 0L);
        long channels = n.fixed(n.type(0).dim(1), "the number of channels");
        if (groups < 1 || channels % groups != 0) {
            throw n.broken("%d groups of %d channels", groups, channels);
        }
        return ofGroups(n, Dim.of(groups), 1, 2, n.attribute("epsilon", (double) 1e-5f));
    }

    /** x {@code [batch, channels, ...]}: each group's entries are normalised, then scaled by group or by channel. */
    private static Value ofGroups(OnnxNode n, Dim groups, int scaleAt, int biasAt, double otherwise) {
        GraphBuilder b = n.builder();
        Value x = n.input(0);
        List<Dim> dims = x.type().dims();
        double eps = n.attribute("epsilon", otherwise);
        Dim all = DimAlgebra.product(dims.subList(1, dims.size()));
        Dim each =
                DimAlgebra.divide(all, groups).orElseThrow(() -> n.unsupported("%s entries in %s groups", all, groups));
        Value rows = b.reshape(Elements.f32(n, x), dims.getFirst(), groups, each);
        Value y = b.apply(new LayerNorm(eps, false, false), rows);
        Value scale = Elements.f32(n, n.input(scaleAt));
        Value bias = Elements.f32(n, n.input(biasAt));
        // Until version 21 there is a scale for each group.
        boolean perGroup = scale.type().dim(0).equals(groups);
        List<Dim> shape = perGroup ? List.of(groups, Dim.of(1)) : perChannel(dims);
        Value spread = perGroup ? y : b.reshape(y, dims);
        Value scaled = b.add(b.mul(spread, b.reshape(scale, shape)), b.reshape(bias, shape));
        return b.cast(b.reshape(scaled, dims), x.type().dtype());
    }

    private static List<Dim> perChannel(List<Dim> dims) {
        List<Dim> shape = new ArrayList<>(List.of(dims.get(1)));
        for (int i = 2; i < dims.size(); i++) {
            shape.add(Dim.of(1));
        }
        return shape;
    }
}
