package org.attention4j.loaders.onnx.op;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Floats;
import com.google.common.primitives.Longs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.onnx.DimAlgebra;
import org.attention4j.loaders.onnx.ElementTypes;
import org.attention4j.loaders.onnx.Imported;
import org.attention4j.loaders.onnx.OnnxNode;
import org.attention4j.loaders.onnx.OnnxOperators;
import org.attention4j.loaders.onnx.OperatorTable;

/** What makes tensors from nothing or from sizes, and what changes nothing but a type. */
@AutoService(OnnxOperators.class)
public final class ConstantOps implements OnnxOperators {
    @Override
    public void addTo(OperatorTable table) {
        table.add(OperatorTable.ONNX, "Constant", ConstantOps::constant);
        table.add(OperatorTable.ONNX, "Identity", n -> ImmutableList.of(n.item(0)));
        table.add(OperatorTable.ONNX, "Shape", ConstantOps::shape);
        table.add(
                OperatorTable.ONNX,
                "Size",
                n -> ImmutableList.of(
                        Imported.Sizes.scalar(DimAlgebra.product(n.type(0).dims()))));
        table.add(OperatorTable.ONNX, "Dropout", ConstantOps::dropout);
        table.addOne("ConstantOfShape", ConstantOps::constantOfShape);
        table.addOne("Range", ConstantOps::range);
        table.addOne("Cast", n -> cast(n, ElementTypes.of((int) n.attribute("to", 0L), n.type())));
        table.add(OperatorTable.ONNX, "CastLike", ConstantOps::castLike);
        table.add(OperatorTable.ONNX, "NonZero", ConstantOps::nonZero);
        table.addOne("EyeLike", ConstantOps::eyeLike);
    }

    private static List<Imported> constant(OnnxNode n) {
        Optional<Tensor> tensor = n.attributes()
                .tensor("value")
                .or(() -> n.attributes().tensor("sparse_value"))
                .or(() -> n.attributes()
                        .integers("value_ints")
                        .map(v -> Tensor.i64(Shape.of(v.size()), Longs.toArray(v))))
                .or(() -> n.attributes()
                        .numbers("value_floats")
                        .map(v -> Tensor.f32(Shape.of(v.size()), Floats.toArray(v))));
        if (n.attributes().integer("value_int").isPresent()) {
            tensor = Optional.of(Tensor.scalar(n.attribute("value_int", 0L)));
        }
        if (n.attributes().number("value_float").isPresent()) {
            tensor = Optional.of(Tensor.scalar((float) n.attribute("value_float", 0.0)));
        }
        return ImmutableList.of(new Imported.Constant(
                "constant", tensor.orElseThrow(() -> n.unsupported("its value is no dense tensor of numbers"))));
    }

    private static List<Imported> shape(OnnxNode n) {
        List<Dim> dims = n.type(0).dims();
        int start = bound(n.attribute("start", 0L), dims.size());
        int end = bound(n.attribute("end", dims.size()), dims.size());
        return ImmutableList.of(Imported.Sizes.vector(start < end ? dims.subList(start, end) : List.of()));
    }

    private static int bound(long axis, int rank) {
        return Math.clamp(axis < 0 ? axis + rank : axis, 0, rank);
    }

    /** Nothing drops out where nobody trains; the mask is all true. */
    private static List<Imported> dropout(OnnxNode n) {
        boolean training =
                n.has(2) && n.constant(2).filter(t -> t.getLong(0) == 0).isEmpty();
        if (training && ArithmeticOps.single(n.constant(1)).orElse(0.5) != 0) {
            throw n.unsupported("it is in training mode");
        }
        if (!n.gives(1)) {
            return ImmutableList.of(n.item(0));
        }
        Tensor yes = Tensor.zeros(DType.BOOL, Shape.of());
        yes.setLong(0, 1);
        Value all = n.builder()
                .broadcast(n.builder().constant("true", yes), n.type(0).dims());
        return ImmutableList.of(n.item(0), new Imported.Computed(all));
    }

    private static Value constantOfShape(OnnxNode n) {
        Tensor value = n.attributes().tensor("value").orElseGet(() -> Tensor.scalar(0f));
        if (value.shape().elements() != 1) {
            throw n.broken("its value is %s, expected one element", value);
        }
        Tensor scalar = value.reshape(Shape.of());
        return n.builder().broadcast(n.builder().constant("value", scalar), n.sizes(0));
    }

    /** {@code start + step · (0, 1, …)}; of a symbolic length only with a step of 1. */
    private static Value range(OnnxNode n) {
        GraphBuilder b = n.builder();
        DType dtype = n.type(0).dtype();
        if (!dtype.isInteger()) {
            return floatRange(n, dtype);
        }
        Dim start = n.size(0);
        Dim step = n.size(2);
        Dim distance = n.size(1).minus(start);
        Dim count;
        if (step instanceof Dim.Fixed(long by) && by > 0) {
            count = distance instanceof Dim.Fixed(long d)
                    ? Dim.of(Math.max(0, Math.ceilDiv(d, by)))
                    : distance.dividedBy(by);
        } else if (step instanceof Dim.Fixed(long by) && by < 0 && distance instanceof Dim.Fixed(long d)) {
            count = Dim.of(Math.max(0, Math.ceilDiv(-d, -by)));
        } else {
            throw n.unsupported("its step is %s and its length %s", step, distance);
        }
        Value y = b.iota(count);
        y = step.equals(Dim.of(1)) ? y : b.mul(y, (double) ((Dim.Fixed) step).size());
        y = start.equals(Dim.of(0)) ? y : b.add(y, n.builder().cast(n.input(0), DType.I64));
        return b.cast(y, dtype);
    }

    private static Value floatRange(OnnxNode n, DType dtype) {
        double[] limits = new double[3];
        for (int i = 0; i < 3; i++) {
            limits[i] =
                    ArithmeticOps.single(n.constant(i)).orElseThrow(() -> n.unsupported("its limits are not known"));
        }
        double count = Math.max(0, Math.ceil((limits[1] - limits[0]) / limits[2]));
        if (!(count < 1L << 40)) {
            throw n.broken("%s entries", count);
        }
        GraphBuilder b = n.builder();
        return b.add(b.mul(b.cast(b.iota(Dim.of((long) count)), dtype), limits[2]), limits[0]);
    }

    /** Of a known tensor, a known one, though the other input isn't known. */
    private static List<Imported> castLike(OnnxNode n) {
        DType to = n.type(1).dtype();
        Optional<Tensor> known = n.constant(0).filter(t -> t.shape().elements() <= 1 << 10);
        if (known.isEmpty()) {
            return OnnxNode.computed(List.of(cast(n, to)));
        }
        Tensor from = known.get();
        Tensor out = Tensor.zeros(to, from.shape());
        for (long i = 0; i < from.shape().elements(); i++) {
            if (from.dtype().isFloat()) {
                out.setDouble(i, from.getDouble(i));
            } else {
                out.setLong(i, from.getLong(i));
            }
        }
        return ImmutableList.of(new Imported.Constant("cast", out));
    }

    private static Value cast(OnnxNode n, DType to) {
        return n.builder().cast(n.input(0), to);
    }

    /** Only of tensors that are known: how many entries the result has depends on their values. */
    private static List<Imported> nonZero(OnnxNode n) {
        Tensor x = n.constant(0)
                .filter(t -> t.shape().elements() <= 1 << 16)
                .orElseThrow(() -> n.unsupported("how many entries it gives depends on values that aren't known"));
        int rank = x.shape().rank();
        List<long[]> found = new ArrayList<>();
        for (long i = 0; i < x.shape().elements(); i++) {
            if (x.getDouble(i) != 0) {
                long[] index = new long[rank];
                long rest = i;
                for (int axis = rank - 1; axis >= 0; axis--) {
                    index[axis] = rest % x.shape().dim(axis);
                    rest /= x.shape().dim(axis);
                }
                found.add(index);
            }
        }
        Tensor out = Tensor.zeros(DType.I64, Shape.of(rank, found.size()));
        for (int axis = 0; axis < rank; axis++) {
            for (int i = 0; i < found.size(); i++) {
                out.setLong((long) axis * found.size() + i, found.get(i)[axis]);
            }
        }
        return ImmutableList.of(new Imported.Constant("nonzero", out));
    }

    private static Value eyeLike(OnnxNode n) {
        GraphBuilder b = n.builder();
        List<Dim> dims = n.type(0).dims();
        if (dims.size() != 2) {
            throw n.broken("input %s, expected two dimensions", n.type(0));
        }
        DType dtype = n.attributes().integer("dtype").isPresent()
                ? ElementTypes.of((int) n.attribute("dtype", 0L), n.type())
                : n.type(0).dtype();
        Value row = b.add(b.unsqueeze(b.iota(dims.get(0)), 1), b.scalar(DType.I64, (double) n.attribute("k", 0L)));
        Value same = b.binary(BinaryKind.EQUAL, row, b.unsqueeze(b.iota(dims.get(1)), 0));
        return b.cast(same, dtype);
    }
}
