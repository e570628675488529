package org.attention4j.loaders.onnx;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * Computes integers that describe shapes while the graph is imported. With these, what exporters write to find a shape
 * ({@code Shape → Gather → Mul → Concat}, and the {@code Equal → Where} that PyTorch puts before an {@code Expand}) is no part
 * of the imported graph.
 */
final class SizeMath {
    private static final int MOST_ELEMENTS = 1024;

    private SizeMath() {}

    /** Something imported as sizes, if it is integers that are known. */
    static Optional<Imported.Sizes> sizes(Imported item) {
        return switch (item) {
            case Imported.Sizes s -> Optional.of(s);
            case Imported.Computed c -> Optional.empty();
            case Imported.Constant(String label, Tensor t)
            when t.dtype().isInteger() && t.shape().elements() <= MOST_ELEMENTS -> {
                DType dtype = t.dtype() == DType.I32 ? DType.I32 : DType.I64;
                List<Dim> elements = new ArrayList<>();
                for (long n : t.toLongArray()) {
                    elements.add(Dim.of(n));
                }
                yield Optional.of(new Imported.Sizes(dtype, t.shape(), elements));
            }
            case Imported.Constant c -> Optional.empty();
        };
    }

    /** Sizes that are all numbers, as a constant. */
    static Imported settled(Imported.Sizes s, String label) {
        if (!s.elements().stream().allMatch(Dim::isFixed)) {
            return s;
        }
        Tensor t = Tensor.zeros(s.dtype(), s.shape());
        for (int i = 0; i < s.elements().size(); i++) {
            t.setLong(i, s.elements().get(i) instanceof Dim.Fixed(long n) ? n : 0);
        }
        return new Imported.Constant(label, t);
    }

    /** The node's outputs, if it computes sizes from sizes, of which one at least is symbolic. */
    static Optional<List<Imported.Sizes>> compute(OnnxNode n) {
        boolean symbolic = n.items().stream().anyMatch(i -> i.orElse(null) instanceof Imported.Sizes);
        if (!symbolic) {
            return Optional.empty();
        }
        List<Imported.Sizes> in = new ArrayList<>();
        if (n.type().equals("Where")) {
            return where(n).map(ImmutableList::of);
        }
        for (int i = 0; i < n.numInputs(); i++) {
            Optional<Imported.Sizes> size = n.has(i) ? sizes(n.item(i)) : Optional.empty();
            if (size.isEmpty()) {
                return Optional.empty();
            }
            in.add(size.get());
        }
        if (n.type().equals("Split")) {
            return split(n, in);
        }
        return one(n, in).map(ImmutableList::of);
    }

    private static Optional<Imported.Sizes> one(OnnxNode n, List<Imported.Sizes> in) {
        Imported.Sizes x = in.getFirst();
        return switch (n.type()) {
            case "Identity" -> Optional.of(x);
            case "Cast" -> cast(n, x);
            case "Squeeze" -> Optional.of(reshaped(x, squeezed(n, x.shape())));
            case "Unsqueeze" ->
                Optional.of(reshaped(x, Shapes.unsqueezed(n, x.shape().rank())));
            case "Reshape" -> in.size() == 2 ? reshape(x, in.get(1)) : Optional.empty();
            case "Gather" -> gather(n, x, in.get(1));
            case "Concat" -> concat(in);
            case "Slice" -> slice(n, x);
            case "Add" -> zip(x, in.get(1), (a, b) -> Optional.of(a.plus(b)));
            case "Sub" -> zip(x, in.get(1), (a, b) -> Optional.of(a.minus(b)));
            case "Mul" -> zip(x, in.get(1), (a, b) -> Optional.of(a.times(b)));
            case "Div" -> zip(x, in.get(1), DimAlgebra::floorDivide);
            case "Min", "Max" -> in.size() == 2 ? zip(x, in.get(1), SizeMath::same) : Optional.empty();
            case "ReduceProd" ->
                x.shape().rank() == 1 && in.size() == 1
                        ? Optional.of(new Imported.Sizes(
                                x.dtype(),
                                n.flag("keepdims", true) ? Shape.of(1) : Shape.of(),
                                List.of(DimAlgebra.product(x.elements()))))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<Dim> same(Dim a, Dim b) {
        return a.equals(b) ? Optional.of(a) : Optional.empty();
    }

    private static Optional<Imported.Sizes> cast(OnnxNode n, Imported.Sizes x) {
        DType to = ElementTypes.of((int) n.attribute("to", 0L), "the result");
        boolean keeps = to == DType.I64 || to == DType.I32;
        return keeps ? Optional.of(new Imported.Sizes(to, x.shape(), x.elements())) : Optional.empty();
    }

    private static Imported.Sizes reshaped(Imported.Sizes x, long[] dims) {
        return new Imported.Sizes(x.dtype(), Shape.of(dims), x.elements());
    }

    private static long[] squeezed(OnnxNode n, Shape shape) {
        List<Dim> dims = new ArrayList<>();
        for (long d : shape.dims()) {
            dims.add(Dim.of(d));
        }
        return Shapes.squeezed(n, dims).stream()
                .mapToLong(d -> d instanceof Dim.Fixed(long size) ? size : 0)
                .toArray();
    }

    /** To a scalar, or to a vector: what shapes are. */
    private static Optional<Imported.Sizes> reshape(Imported.Sizes x, Imported.Sizes to) {
        int count = x.elements().size();
        if (to.elements().isEmpty() && count == 1) {
            return Optional.of(reshaped(x, new long[0]));
        }
        boolean vector = to.elements().size() == 1
                && (to.elements().getFirst().equals(Dim.of(-1))
                        || to.elements().getFirst().equals(Dim.of(count)));
        return vector ? Optional.of(reshaped(x, new long[] {count})) : Optional.empty();
    }

    private static Optional<Imported.Sizes> gather(OnnxNode n, Imported.Sizes x, Imported.Sizes indices) {
        if (x.shape().rank() != 1) {
            return Optional.empty();
        }
        List<Dim> out = new ArrayList<>();
        for (Dim index : indices.elements()) {
            if (!(index instanceof Dim.Fixed(long i))) {
                return Optional.empty();
            }
            out.add(x.elements().get(n.axis(i, x.elements().size())));
        }
        return Optional.of(new Imported.Sizes(x.dtype(), indices.shape(), out));
    }

    private static Optional<Imported.Sizes> concat(List<Imported.Sizes> in) {
        List<Dim> out = new ArrayList<>();
        for (Imported.Sizes part : in) {
            if (part.shape().rank() != 1) {
                return Optional.empty();
            }
            out.addAll(part.elements());
        }
        return out.size() > MOST_ELEMENTS
                ? Optional.empty()
                : Optional.of(new Imported.Sizes(in.getFirst().dtype(), Shape.of(out.size()), out));
    }

    private static Optional<Imported.Sizes> slice(OnnxNode n, Imported.Sizes x) {
        if (x.shape().rank() != 1) {
            return Optional.empty();
        }
        List<Slices.Range> ranges = Slices.ranges(n, 1);
        List<Dim> out = x.elements();
        for (Slices.Range r : ranges) {
            if (!(r.start() instanceof Dim.Fixed(long start)) || !(r.end() instanceof Dim.Fixed(long end))) {
                return Optional.empty();
            }
            out = new ArrayList<>();
            Slices.Bounds bounds =
                    Slices.bounds(start, end, r.step(), x.elements().size());
            for (long i = 0; i < bounds.count(); i++) {
                out.add(x.elements().get((int) (bounds.first() + i * r.step())));
            }
        }
        return Optional.of(new Imported.Sizes(x.dtype(), Shape.of(out.size()), out));
    }

    private static Optional<List<Imported.Sizes>> split(OnnxNode n, List<Imported.Sizes> in) {
        Imported.Sizes x = in.getFirst();
        int count = x.elements().size();
        int parts = n.numOutputs();
        if (in.size() > 1 || n.attributes().has("split") || x.shape().rank() != 1 || count % parts != 0) {
            return Optional.empty();
        }
        List<Imported.Sizes> out = new ArrayList<>();
        int each = count / parts;
        for (int i = 0; i < parts; i++) {
            out.add(new Imported.Sizes(x.dtype(), Shape.of(each), x.elements().subList(i * each, (i + 1) * each)));
        }
        return Optional.of(out);
    }

    /** {@code Where(Equal(shape, -1), ones, shape)}: a symbolic size is never negative. */
    private static Optional<Imported.Sizes> where(OnnxNode n) {
        Optional<Tensor> condition = n.constant(0);
        Optional<Imported.Sizes> yes = sizes(n.item(1));
        Optional<Imported.Sizes> no = sizes(n.item(2));
        if (condition.isEmpty() || yes.isEmpty() || no.isEmpty()) {
            return Optional.empty();
        }
        int count = Math.max(
                (int) Math.min(MOST_ELEMENTS, condition.get().shape().elements()),
                Math.max(yes.get().elements().size(), no.get().elements().size()));
        List<Dim> out = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean holds = condition.get().getLong(condition.get().shape().elements() == 1 ? 0 : i) != 0;
            List<Dim> from = (holds ? yes : no).get().elements();
            out.add(from.get(from.size() == 1 ? 0 : i));
        }
        boolean vector = yes.get().shape().rank() <= 1 && no.get().shape().rank() <= 1;
        return vector ? Optional.of(new Imported.Sizes(yes.get().dtype(), Shape.of(count), out)) : Optional.empty();
    }

    /**
     * {@code Equal} of sizes as booleans, if each pair is the same, or one of them is a number that no size can have. A size that
     * is symbolic is taken to be neither 0 nor negative.
     */
    static Optional<Tensor> equal(OnnxNode n) {
        if (!n.type().equals("Equal") || n.items().stream().noneMatch(i -> i.orElse(null) instanceof Imported.Sizes)) {
            return Optional.empty();
        }
        Optional<Imported.Sizes> a = sizes(n.item(0));
        Optional<Imported.Sizes> b = sizes(n.item(1));
        if (a.isEmpty() || b.isEmpty()) {
            return Optional.empty();
        }
        Optional<Imported.Sizes> difference =
                zip(a.get(), b.get(), (x, y) -> x.equals(y) ? Optional.of(Dim.of(1)) : differ(x, y));
        return difference.map(d -> {
            Tensor t = Tensor.zeros(DType.BOOL, d.shape());
            for (int i = 0; i < d.elements().size(); i++) {
                t.setLong(i, d.elements().get(i).equals(Dim.of(1)) ? 1 : 0);
            }
            return t;
        });
    }

    private static Optional<Dim> differ(Dim x, Dim y) {
        boolean bothKnown = x.isFixed() && y.isFixed();
        boolean never = (x instanceof Dim.Fixed(long n) && n <= 0) || (y instanceof Dim.Fixed(long m) && m <= 0);
        return bothKnown || never ? Optional.of(Dim.of(0)) : Optional.empty();
    }

    /** A function of two sizes. */
    @FunctionalInterface
    private interface Pairwise {
        Optional<Dim> of(Dim a, Dim b);
    }

    /** Of vectors and scalars, as they broadcast. */
    private static Optional<Imported.Sizes> zip(Imported.Sizes a, Imported.Sizes b, Pairwise f) {
        int count = Math.max(a.elements().size(), b.elements().size());
        boolean fits = a.shape().rank() <= 1
                && b.shape().rank() <= 1
                && (a.elements().size() == count || a.elements().size() == 1)
                && (b.elements().size() == count || b.elements().size() == 1);
        if (!fits) {
            return Optional.empty();
        }
        List<Dim> out = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Dim x = a.elements().get(a.elements().size() == 1 ? 0 : i);
            Dim y = b.elements().get(b.elements().size() == 1 ? 0 : i);
            Optional<Dim> z = f.of(x, y);
            if (z.isEmpty()) {
                return Optional.empty();
            }
            out.add(z.get());
        }
        Shape shape = a.shape().rank() + b.shape().rank() == 0 ? Shape.of() : Shape.of(count);
        return Optional.of(new Imported.Sizes(a.dtype(), shape, out));
    }
}
