package org.attention4j.loaders.onnx.op;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.loaders.onnx.Imported;
import org.attention4j.loaders.onnx.OnnxNode;
import org.attention4j.loaders.onnx.OnnxOperators;
import org.attention4j.loaders.onnx.OperatorTable;

/** Elements chosen by indices, which may be negative: those count from the end. */
@AutoService(OnnxOperators.class)
public final class IndexOps implements OnnxOperators {
    @Override
    public void addTo(OperatorTable table) {
        table.addOne("Gather", IndexOps::gather);
        table.addOne("GatherElements", IndexOps::gatherElements);
        table.addOne("GatherND", IndexOps::gatherNd);
        table.addOne("OneHot", IndexOps::oneHot);
    }

    private static Value gather(OnnxNode n) {
        Value x = n.input(0);
        int axis = n.axis("axis", 0, x.type().rank());
        Dim dim = x.type().dim(axis);
        // One entry that is known is a slice, which tells more than a gather.
        if (n.constant(1).filter(t -> t.shape().elements() == 1).isPresent() && dim instanceof Dim.Fixed(long size)) {
            long i = n.axis(n.longs(1)[0], (int) Math.min(size, Integer.MAX_VALUE));
            List<Dim> dims = new ArrayList<>(x.type().dims());
            dims.remove(axis);
            dims.addAll(axis, n.type(1).dims());
            return n.builder().reshape(n.builder().slice(x, axis, i, i + 1), dims);
        }
        return n.builder().gather(x, indices(n, 1, dim), axis);
    }

    /** I64 indices from 0 on. */
    static Value indices(OnnxNode n, int input, Dim size) {
        GraphBuilder b = n.builder();
        boolean known = n.constant(input)
                .filter(t -> t.shape().elements() <= 1 << 16)
                .filter(t -> Arrays.stream(t.toLongArray()).allMatch(i -> i >= 0))
                .isPresent();
        Value i = Elements.i64(n, n.input(input));
        return known ? i : b.where(Elements.negative(b, i), b.add(i, n.value(Imported.Sizes.scalar(size))), i);
    }

    private static Value gatherElements(OnnxNode n) {
        Value x = n.input(0);
        int axis = n.axis("axis", 0, x.type().rank());
        return n.builder().gatherElements(x, indices(n, 1, x.type().dim(axis)), axis);
    }

    /** Index tuples of the first dims, without batch dims: the dims are merged and one gather does it. */
    private static Value gatherNd(OnnxNode n) {
        GraphBuilder b = n.builder();
        Value x = n.input(0);
        if (n.attribute("batch_dims", 0L) != 0) {
            throw n.unsupported("batch_dims %d, expected 0", n.attribute("batch_dims", 0L));
        }
        Value tuples = Elements.i64(n, n.input(1));
        int depth = n.fixed(tuples.type().dim(-1), "the length of index tuples");
        if (depth > x.type().rank()) {
            throw n.broken("tuples of %d indices into %s", depth, x.type());
        }
        List<Dim> outer = tuples.type().dims().subList(0, tuples.type().rank() - 1);
        Value flat = b.broadcast(b.scalar(DType.I64, 0), outer);
        Dim rows = Dim.of(1);
        for (int i = 0; i < depth; i++) {
            Dim size = x.type().dim(i);
            Value extent = n.value(Imported.Sizes.scalar(size));
            Value index = b.reshape(b.slice(tuples, -1, i, i + 1L), outer);
            index = b.where(Elements.negative(b, index), b.add(index, extent), index);
            flat = b.add(b.mul(flat, extent), index);
            rows = rows.times(size);
        }
        List<Dim> merged =
                new ArrayList<>(x.type().dims().subList(depth, x.type().rank()));
        merged.addFirst(rows);
        return b.gather(b.reshape(x, merged), flat, 0);
    }

    private static Value oneHot(OnnxNode n) {
        GraphBuilder b = n.builder();
        Dim depth = n.size(1);
        int axis = n.axis("axis", -1, n.type(0).rank() + 1);
        Value index = Elements.i64(n, n.input(0));
        index = b.where(Elements.negative(b, index), b.add(index, n.value(Imported.Sizes.scalar(depth))), index);
        Value values = n.input(2);
        List<Dim> classes = new ArrayList<>();
        for (int i = 0; i <= n.type(0).rank(); i++) {
            classes.add(i == axis ? depth : Dim.of(1));
        }
        Value same = b.binary(BinaryKind.EQUAL, b.unsqueeze(index, axis), b.reshape(b.iota(depth), classes));
        Value off = b.reshape(b.slice(values, 0, 0, 1), List.of());
        Value on = b.reshape(b.slice(values, 0, 1, 2), List.of());
        return b.where(same, on, off);
    }
}
