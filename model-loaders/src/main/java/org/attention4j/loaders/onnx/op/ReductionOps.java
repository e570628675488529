package org.attention4j.loaders.onnx.op;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.norm.Softmax;
import org.attention4j.loaders.onnx.DimAlgebra;
import org.attention4j.loaders.onnx.Imported;
import org.attention4j.loaders.onnx.OnnxNode;
import org.attention4j.loaders.onnx.OnnxOperators;
import org.attention4j.loaders.onnx.OperatorTable;
import org.attention4j.loaders.onnx.Shapes;

/** What combines the entries along axes. */
@AutoService(OnnxOperators.class)
public final class ReductionOps implements OnnxOperators {
    @Override
    public void addTo(OperatorTable table) {
        table.addOne("ReduceSum", n -> reduce(n, 13, ReduceKind.SUM, n.input(0)));
        table.addOne("ReduceMean", n -> reduce(n, 18, ReduceKind.MEAN, n.input(0)));
        table.addOne("ReduceMax", n -> reduce(n, 18, ReduceKind.MAX, n.input(0)));
        table.addOne("ReduceMin", n -> reduce(n, 18, ReduceKind.MIN, n.input(0)));
        table.addOne(
                "ReduceSumSquare",
                n -> reduce(n, 18, ReduceKind.SUM, n.builder().mul(n.input(0), n.input(0))));
        table.addOne("ReduceL1", n -> reduce(n, 18, ReduceKind.SUM, n.builder().unary(UnaryKind.ABS, n.input(0))));
        table.addOne(
                "ReduceL2",
                n -> n.builder()
                        .unary(
                                UnaryKind.SQRT,
                                reduce(n, 18, ReduceKind.SUM, n.builder().mul(n.input(0), n.input(0)))));
        table.addOne("ReduceLogSum", n -> n.builder().unary(UnaryKind.LOG, reduce(n, 18, ReduceKind.SUM, n.input(0))));
        table.addOne("Softmax", n -> softmax(n, ReductionOps::softmax));
        table.addOne("LogSoftmax", n -> softmax(n, ReductionOps::logSoftmax));
        table.addOne("CumSum", ReductionOps::cumSum);
        table.add(OperatorTable.ONNX, "TopK", ReductionOps::topK);
        table.addOne("ArgMax", n -> arg(n, n.input(0)));
        table.addOne("ArgMin", n -> arg(n, n.builder().unary(UnaryKind.NEG, n.input(0))));
    }

    private static Value reduce(OnnxNode n, long axesAsInputFrom, ReduceKind kind, Value x) {
        int rank = x.type().rank();
        Optional<long[]> axes = Shapes.axes(n, axesAsInputFrom);
        if (axes.isEmpty() || axes.get().length == 0) {
            if (n.flag("noop_with_empty_axes", false)) {
                return x;
            }
            axes = Optional.of(IntStream.range(0, rank).asLongStream().toArray());
        }
        int[] all = IntStream.of(java.util.Arrays.stream(axes.get())
                        .mapToInt(a -> n.axis(a, rank))
                        .distinct()
                        .toArray())
                .toArray();
        return n.builder().reduce(kind, x, n.flag("keepdims", true), all);
    }

    /** From version 13 on along one axis; before, along all from an axis on. */
    private static Value softmax(OnnxNode n, BiFunction<OnnxNode, Value, Value> lastAxis) {
        GraphBuilder b = n.builder();
        Value x = n.input(0);
        int rank = x.type().rank();
        int axis = n.axis("axis", n.version() >= 13 ? -1 : 1, rank);
        Value wide = Elements.f32(n, x);
        Value y;
        if (axis == rank - 1) {
            y = lastAxis.apply(n, wide);
        } else if (n.version() >= 13) {
            int[] swapped = IntStream.range(0, rank)
                    .map(i -> i == axis ? rank - 1 : i == rank - 1 ? axis : i)
                    .toArray();
            y = b.transpose(lastAxis.apply(n, b.transpose(wide, swapped)), swapped);
        } else {
            List<Dim> dims = x.type().dims();
            Value rows = b.reshape(
                    wide, DimAlgebra.product(dims.subList(0, axis)), DimAlgebra.product(dims.subList(axis, rank)));
            y = b.reshape(lastAxis.apply(n, rows), dims);
        }
        return Elements.like(n, y, x.type());
    }

    private static Value softmax(OnnxNode n, Value x) {
        return n.builder().apply(new Softmax(), x);
    }

    private static Value logSoftmax(OnnxNode n, Value x) {
        GraphBuilder b = n.builder();
        Value centered = b.sub(x, b.reduce(ReduceKind.MAX, x, true, -1));
        Value sum = b.reduce(ReduceKind.SUM, b.unary(UnaryKind.EXP, centered), true, -1);
        return b.sub(centered, b.unary(UnaryKind.LOG, sum));
    }

    private static Value cumSum(OnnxNode n) {
        int axis = n.axis(n.longs(1)[0], n.type(0).rank());
        return n.builder().cumSum(n.input(0), axis, n.flag("exclusive", false), n.flag("reverse", false));
    }

    private static List<Imported> topK(OnnxNode n) {
        GraphBuilder b = n.builder();
        Value x = n.input(0);
        if (n.version() >= 10
                && x.type().rank() == 1
                && n.sizes(1).equals(x.type().dims())
                && !n.size(1).isFixed()) {
            return OnnxNode.computed(Sorting.sorted(b, x, n.flag("largest", true)));
        }
        long k = n.version() >= 10 ? n.longs(1)[0] : n.attribute("k", 0L);
        if (k < 1 || k > Integer.MAX_VALUE) {
            throw n.unsupported("k is %d, expected at least 1", k);
        }
        int axis = n.axis("axis", -1, x.type().rank());
        if (n.flag("largest", true)) {
            return OnnxNode.computed(b.topK(x, (int) k, axis));
        }
        List<Value> least = b.topK(b.unary(UnaryKind.NEG, x), (int) k, axis);
        return OnnxNode.computed(List.of(b.unary(UnaryKind.NEG, least.get(0)), least.get(1)));
    }

    private static Value arg(OnnxNode n, Value x) {
        if (n.flag("select_last_index", false)) {
            throw n.unsupported("of equal entries it wants the last");
        }
        int axis = n.axis("axis", 0, x.type().rank());
        Value index = n.builder().topK(x, 1, axis).get(1);
        return n.flag("keepdims", true)
                ? index
                : n.builder().reshape(index, index.type().without(axis).dims());
    }
}
