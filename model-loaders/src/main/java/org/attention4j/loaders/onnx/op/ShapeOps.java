package org.attention4j.loaders.onnx.op;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.onnx.DimAlgebra;
import org.attention4j.loaders.onnx.Imported;
import org.attention4j.loaders.onnx.OnnxNode;
import org.attention4j.loaders.onnx.OnnxOperators;
import org.attention4j.loaders.onnx.OperatorTable;
import org.attention4j.loaders.onnx.Shapes;

/** The same elements in other dimensions, and repeated ones. */
@AutoService(OnnxOperators.class)
public final class ShapeOps implements OnnxOperators {
    @Override
    public void addTo(OperatorTable table) {
        reshaping(table, "Reshape", Shapes::reshaped);
        reshaping(table, "Squeeze", Shapes::squeezed);
        reshaping(table, "Unsqueeze", Shapes::unsqueezed);
        reshaping(table, "Flatten", ShapeOps::flattened);
        table.addOne("Expand", ShapeOps::expand);
        table.addOne("Tile", ShapeOps::tile);
    }

    private static void reshaping(OperatorTable table, String name, Function<OnnxNode, List<Dim>> dims) {
        table.add(OperatorTable.ONNX, name, n -> ImmutableList.of(reshaped(n, dims.apply(n))));
    }

    /** A tensor of the model, however large, keeps its memory. */
    private static Imported reshaped(OnnxNode n, List<Dim> dims) {
        if (n.item(0) instanceof Imported.Constant(String label, Tensor tensor)
                && dims.stream().allMatch(Dim::isFixed)) {
            long[] sizes = dims.stream().mapToLong(d -> ((Dim.Fixed) d).size()).toArray();
            return new Imported.Constant(label, tensor.reshape(Shape.of(sizes)));
        }
        return new Imported.Computed(n.builder().reshape(n.input(0), dims));
    }

    private static List<Dim> flattened(OnnxNode n) {
        List<Dim> dims = n.type(0).dims();
        long asked = n.attribute("axis", 1L);
        int axis = asked == dims.size() ? dims.size() : n.axis(asked, dims.size());
        return ImmutableList.of(
                DimAlgebra.product(dims.subList(0, axis)), DimAlgebra.product(dims.subList(axis, dims.size())));
    }

    /** Where the shape asked for has 1, the input's size stays. */
    private static Value expand(OnnxNode n) {
        List<Dim> from = n.type(0).dims();
        List<Dim> to = n.sizes(1);
        n.broadcast(from, to);
        List<Dim> out = new ArrayList<>();
        int rank = Math.max(from.size(), to.size());
        for (int i = 0; i < rank; i++) {
            Dim x = i < rank - from.size() ? Dim.of(1) : from.get(i - rank + from.size());
            Dim y = i < rank - to.size() ? Dim.of(1) : to.get(i - rank + to.size());
            out.add(y.equals(Dim.of(1)) ? x : y);
        }
        return n.builder().broadcast(n.input(0), out);
    }

    /** Each dimension of size d repeated r times is [r, d] merged. */
    private static Value tile(OnnxNode n) {
        GraphBuilder b = n.builder();
        Value x = n.input(0);
        List<Dim> repeats = n.sizes(1);
        if (repeats.size() != x.type().rank()) {
            throw n.broken(
                    "%d repeats of %d dimensions", repeats.size(), x.type().rank());
        }
        for (int axis = 0; axis < repeats.size(); axis++) {
            if (repeats.get(axis).equals(Dim.of(1))) {
                continue;
            }
            List<Dim> dims = x.type().dims();
            List<Dim> wide = new ArrayList<>(dims);
            wide.add(axis, repeats.get(axis));
            List<Dim> merged = new ArrayList<>(dims);
            merged.set(axis, dims.get(axis).times(repeats.get(axis)));
            x = b.reshape(b.broadcast(b.unsqueeze(x, axis), wide), merged);
        }
        return x;
    }
}
