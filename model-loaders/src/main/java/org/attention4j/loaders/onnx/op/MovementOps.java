package org.attention4j.loaders.onnx.op;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.onnx.Imported;
import org.attention4j.loaders.onnx.OnnxNode;
import org.attention4j.loaders.onnx.OnnxOperators;
import org.attention4j.loaders.onnx.OperatorTable;
import org.attention4j.loaders.onnx.Slices;

/** Elements at other places. */
@AutoService(OnnxOperators.class)
public final class MovementOps implements OnnxOperators {
    @Override
    public void addTo(OperatorTable table) {
        table.addOne("Transpose", MovementOps::transpose);
        table.addOne("Concat", MovementOps::concat);
        table.add(OperatorTable.ONNX, "Split", MovementOps::split);
        table.addOne("Slice", MovementOps::slice);
        table.addOne("Pad", MovementOps::pad);
        table.addOne("Trilu", MovementOps::trilu);
    }

    private static Value transpose(OnnxNode n) {
        int rank = n.type(0).rank();
        int[] permutation = n.attributes()
                .integers("perm")
                .map(p -> p.stream().mapToInt(axis -> n.axis(axis, rank)).toArray())
                .orElseGet(() -> IntStream.range(0, rank).map(i -> rank - 1 - i).toArray());
        return n.builder().transpose(n.input(0), permutation);
    }

    private static Value concat(OnnxNode n) {
        List<Value> parts = new ArrayList<>();
        int rank = n.type(0).rank();
        int axis = n.axis("axis", 0, rank);
        for (int i = 0; i < n.numInputs(); i++) {
            for (int d = 0; d < rank && n.type(i).rank() == rank; d++) {
                if (d != axis) {
                    n.equal(n.type(i).dim(d), n.type(0).dim(d));
                }
            }
            // Before there is a past, exporters concatenate with tensors of no entries.
            if (!n.type(i).dim(axis).equals(Dim.of(0))) {
                parts.add(n.input(i));
            }
        }
        return parts.isEmpty() ? n.input(0) : n.builder().concat(axis, parts.toArray(new Value[0]));
    }

    private static List<Imported> split(OnnxNode n) {
        Value x = n.input(0);
        int axis = n.axis("axis", 0, x.type().rank());
        List<Value> parts = new ArrayList<>();
        long at = 0;
        for (long size : splitSizes(n, x.type().dim(axis))) {
            parts.add(n.builder().slice(x, axis, at, at + size));
            at += size;
        }
        return OnnxNode.computed(parts);
    }

    private static long[] splitSizes(OnnxNode n, Dim dim) {
        if (n.version() >= 13 && n.has(1)) {
            return n.longs(1);
        }
        if (n.version() < 13 && n.attributes().has("split")) {
            return n.attributes().integers("split").orElseThrow().stream()
                    .mapToLong(Long::longValue)
                    .toArray();
        }
        int parts = Math.max(1, n.numOutputs());
        long size = n.fixed(dim, "the axis to split");
        long each = Math.ceilDiv(size, (long) parts);
        return IntStream.range(0, parts)
                .mapToLong(i -> Math.clamp(size - i * each, 0, each))
                .toArray();
    }

    private static Value slice(OnnxNode n) {
        Value x = n.input(0);
        for (Slices.Range r : Slices.ranges(n, x.type().rank())) {
            x = slice(n, x, r);
        }
        return x;
    }

    private static Value slice(OnnxNode n, Value x, Slices.Range r) {
        GraphBuilder b = n.builder();
        Dim dim = x.type().dim(r.axis());
        boolean known = r.start() instanceof Dim.Fixed && r.end() instanceof Dim.Fixed;
        if (known && dim instanceof Dim.Fixed(long size)) {
            long start = ((Dim.Fixed) r.start()).size();
            long end = ((Dim.Fixed) r.end()).size();
            Slices.Bounds bounds = Slices.bounds(start, end, r.step(), size);
            if (r.step() > 0) {
                long last = bounds.count() == 0
                        ? bounds.first()
                        : Math.min(size, bounds.first() + bounds.count() * r.step());
                return b.slice(x, r.axis(), bounds.first(), last, r.step());
            }
            Value rows = b.add(b.mul(b.iota(Dim.of(bounds.count())), (double) r.step()), b.scalar(DType.I64, (double)
                    bounds.first()));
            return b.gather(x, rows, r.axis());
        }
        if (r.step() != 1) {
            throw n.unsupported("a step of %d along a dimension of size %s", r.step(), dim);
        }
        return symbolic(n, x, r, dim);
    }

    /** With a step of 1, where the axis, the start or the end is symbolic: none of them is taken to be beyond another. */
    private static Value symbolic(OnnxNode n, Value x, Slices.Range r, Dim dim) {
        GraphBuilder b = n.builder();
        Dim start = fromFirst(r.start(), dim);
        Dim end = fromFirst(r.end(), dim);
        boolean toEnd = end.equals(dim) || (r.end() instanceof Dim.Fixed(long e) && e >= Integer.MAX_VALUE);
        if (start instanceof Dim.Fixed(long from) && toEnd) {
            return from == 0 ? x : b.slice(x, r.axis(), from, PrimitiveOp.TO_END);
        }
        if (start instanceof Dim.Fixed(long from) && end instanceof Dim.Fixed(long to)) {
            return b.slice(x, r.axis(), from, to);
        }
        Dim count = (toEnd ? dim : end).minus(start);
        Value rows = b.add(b.iota(count), n.value(Imported.Sizes.scalar(start)));
        return b.gather(x, rows, r.axis());
    }

    private static Dim fromFirst(Dim index, Dim dim) {
        return index instanceof Dim.Fixed(long i) && i < 0 ? dim.plus(index) : index;
    }

    private static Value pad(OnnxNode n) {
        Value x = n.input(0);
        if (!n.attribute("mode", "constant").equals("constant")) {
            throw n.unsupported("mode %s, expected constant", n.attribute("mode", ""));
        }
        boolean asInputs = n.version() >= 11;
        List<Dim> pads = asInputs
                ? n.sizes(1)
                : n.attributes().integers("pads").orElseThrow(() -> n.broken("no pads")).stream()
                        .map(Dim::of)
                        .toList();
        double value = asInputs ? n.has(2) ? known(n, 2) : 0 : n.attribute("value", 0.0);
        long[] axes = n.has(3)
                ? n.longs(3)
                : IntStream.range(0, x.type().rank()).asLongStream().toArray();
        if (pads.size() != 2 * axes.length) {
            throw n.broken("%d pads of %d axes", pads.size(), axes.length);
        }
        for (int i = 0; i < axes.length; i++) {
            x = padded(n, x, n.axis(axes[i], x.type().rank()), pads.get(i), pads.get(i + axes.length), value);
        }
        return x;
    }

    private static double known(OnnxNode n, int i) {
        return n.constant(i)
                .filter(t -> t.shape().elements() == 1)
                .orElseThrow(() -> n.unsupported("what it pads with is not known"))
                .getDouble(0);
    }

    private static Value padded(OnnxNode n, Value x, int axis, Dim before, Dim after, double value) {
        GraphBuilder b = n.builder();
        if (before instanceof Dim.Fixed(long first) && after instanceof Dim.Fixed(long last)) {
            Value cut = first < 0 ? b.slice(x, axis, -first, PrimitiveOp.TO_END) : x;
            if (last < 0) {
                cut = b.slice(cut, axis, 0, n.fixed(cut.type().dim(axis), "the axis to cut") + last);
            }
            return first > 0 || last > 0 ? b.pad(cut, axis, Math.max(0, first), Math.max(0, last), value) : cut;
        }
        Value y = before.equals(Dim.of(0)) ? x : b.concat(axis, filled(b, x, axis, before, value), x);
        return after.equals(Dim.of(0)) ? y : b.concat(axis, y, filled(b, x, axis, after, value));
    }

    private static Value filled(GraphBuilder b, Value x, int axis, Dim size, double value) {
        Tensor t = Tensor.zeros(x.type().dtype(), Shape.of());
        t.setDouble(0, value);
        List<Dim> dims = new ArrayList<>(x.type().dims());
        dims.set(axis, size);
        return b.broadcast(b.constant("padding", t), dims);
    }

    /** The triangle of the last two dimensions; the rest becomes 0. */
    private static Value trilu(OnnxNode n) {
        GraphBuilder b = n.builder();
        Value x = n.input(0);
        if (x.type().rank() < 2) {
            throw n.broken("input %s, expected at least two dimensions", x.type());
        }
        Dim k = n.has(1) ? n.size(1) : Dim.of(0);
        Value diagonal = b.sub(
                b.unsqueeze(b.iota(x.type().dim(-1)), 0),
                b.unsqueeze(b.iota(x.type().dim(-2)), 1));
        Value limit = n.value(Imported.Sizes.scalar(k));
        Value kept = n.flag("upper", true)
                ? b.binary(BinaryKind.LESS_EQUAL, limit, diagonal)
                : b.binary(BinaryKind.LESS_EQUAL, diagonal, limit);
        if (x.type().dtype() == DType.BOOL) {
            return b.binary(BinaryKind.AND, x, kept);
        }
        return b.where(kept, x, Elements.scalar(b, x.type().dtype(), 0));
    }
}
