package org.attention4j.loaders.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** One graph being built: values for what is imported into it, made when they are asked for. */
final class Writer {
    private final GraphBuilder builder;
    private final Map<Imported, Value> sizes = new HashMap<>();
    private final Map<String, Tensor> weights = new HashMap<>();

    Writer(GraphBuilder builder) {
        this.builder = builder;
    }

    GraphBuilder builder() {
        return builder;
    }

    /** The value of something imported. */
    Value value(Imported item) {
        return switch (item) {
            case Imported.Computed(Value value) -> value;
            case Imported.Constant(String label, Tensor tensor) -> builder.weight(unique(label, tensor), tensor);
            case Imported.Sizes s -> {
                // Not computeIfAbsent: making it asks for others.
                Value known = sizes.get(s);
                if (known == null) {
                    known = made(s);
                    sizes.put(s, known);
                }
                yield known;
            }
        };
    }

    /** Functions and subgraphs may have tensors of a name that is taken. */
    private String unique(String label, Tensor tensor) {
        String name = label;
        for (int n = 2; weights.containsKey(name) && weights.get(name) != tensor; n++) {
            name = label + "." + n;
        }
        weights.put(name, tensor);
        return name;
    }

    private Value made(Imported.Sizes s) {
        if (s.elements().isEmpty()) {
            return builder.constant("sizes", Tensor.zeros(s.dtype(), s.shape()));
        }
        List<Value> elements = new ArrayList<>();
        for (Dim element : s.elements()) {
            elements.add(builder.unsqueeze(sizeOf(element), 0));
        }
        Value all = elements.size() == 1 ? elements.getFirst() : builder.concat(0, elements.toArray(new Value[0]));
        Shape shape = s.shape();
        List<Dim> dims = new ArrayList<>();
        for (long dim : shape.dims()) {
            dims.add(Dim.of(dim));
        }
        return builder.cast(builder.reshape(all, dims), s.dtype());
    }

    private Value sizeOf(Dim dim) {
        return dim instanceof Dim.Fixed(long n) ? builder.scalar(DType.I64, (double) n) : builder.sizeOf(dim);
    }
}
