package org.attention4j.onnx.emit;

import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Value;

/** Sizes of dims as values of an ONNX graph: symbols are read off the shapes of the graph's inputs. */
final class DimValues {
    private final OnnxWriter writer;
    private final List<Value> inputs;

    DimValues(OnnxWriter writer, List<Value> inputs) {
        this.writer = writer;
        this.inputs = inputs;
    }

    /** An I64 vector of the sizes. */
    String vector(List<Dim> dims) {
        if (dims.stream().allMatch(Dim::isFixed)) {
            return writer.constant(
                    dims.stream().mapToLong(d -> ((Dim.Fixed) d).size()).toArray());
        }
        return writer.once("dims " + dims, w -> {
            List<String> parts = dims.stream().map(this::vectorOfOne).toList();
            return parts.size() == 1 ? parts.getFirst() : w.op("Concat", parts, Attributes.of("axis", 0L));
        });
    }

    /** An I64 scalar. */
    String scalar(Dim dim) {
        if (dim instanceof Dim.Fixed(long size)) {
            return writer.scalar(size);
        }
        return writer.once("size " + dim, w -> w.op("Squeeze", List.of(vectorOfOne(dim), w.constant(new long[] {0}))));
    }

    private String vectorOfOne(Dim dim) {
        return switch (dim) {
            case Dim.Fixed(long size) -> writer.constant(new long[] {size});
            case Dim.Symbol s -> writer.once("dim " + s, w -> symbol(s));
            case Dim.Sum(Dim a, Dim b) ->
                writer.once("dim " + dim, w -> w.op("Add", List.of(vectorOfOne(a), vectorOfOne(b))));
            case Dim.Product(Dim a, Dim b) ->
                writer.once("dim " + dim, w -> w.op("Mul", List.of(vectorOfOne(a), vectorOfOne(b))));
            case Dim.Quotient(Dim a, long divisor) ->
                writer.once("dim " + dim, w -> {
                    String enough = w.op("Add", List.of(vectorOfOne(a), w.constant(new long[] {divisor - 1})));
                    return w.op("Div", List.of(enough, w.constant(new long[] {divisor})));
                });
        };
    }

    private String symbol(Dim.Symbol symbol) {
        for (Value input : inputs) {
            int axis = input.type().dims().indexOf(symbol);
            if (axis >= 0) {
                return writer.op(
                        "Shape",
                        List.of(writer.name(input)),
                        Attributes.of("start", (long) axis),
                        Attributes.of("end", axis + 1L));
            }
        }
        throw new IllegalArgumentException("no input of the graph has the dimension " + symbol);
    }
}
