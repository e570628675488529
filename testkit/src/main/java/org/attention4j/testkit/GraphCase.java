package org.attention4j.testkit;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** A graph under construction, how to make its inputs, and the sizes of its symbolic dims to run it with. */
final class GraphCase {
    /** The first dimension of most cases. */
    static final Dim SEQ = Dim.symbol("seq");

    private final GraphBuilder builder;
    private final String name;
    private final Map<Value, Source> inputs = new LinkedHashMap<>();
    private final List<Map<String, Long>> sizes = new ArrayList<>();
    private int results;

    /** Makes an input's elements. */
    interface Source {
        Tensor make(long seed, Shape shape);
    }

    GraphCase(String name) {
        this.name = name;
        this.builder = new GraphBuilder(name);
    }

    GraphBuilder builder() {
        return builder;
    }

    /** An input of any elements of the dtype. */
    Value input(DType dtype, Dim... dims) {
        return input((seed, shape) -> RandomTensors.of(dtype, seed, shape), dtype, dims);
    }

    /** An input of elements that {@code source} makes. */
    Value input(Source source, DType dtype, Dim... dims) {
        Value v = builder.input("x" + inputs.size(), TensorType.of(dtype, dims));
        inputs.put(v, source);
        return v;
    }

    /** An F32 input of numbers from {@code low} to {@code high}. */
    Value between(double low, double high, Dim... dims) {
        return input((seed, shape) -> RandomTensors.uniform(seed, low, high, shape), DType.F32, dims);
    }

    /** An I64 input of numbers from {@code low} to {@code high} (exclusive). */
    Value indices(long low, long high, Dim... dims) {
        return input((seed, shape) -> RandomTensors.indices(seed, low, high, shape), DType.I64, dims);
    }

    GraphCase result(Value v) {
        builder.result("y" + results++, v);
        return this;
    }

    GraphCase results(List<Value> values) {
        values.forEach(this::result);
        return this;
    }

    /** One run for each of these sizes of {@code seq}. */
    GraphCase seq(long... lengths) {
        for (long n : lengths) {
            sizes.add(Map.of("seq", n));
        }
        return this;
    }

    String name() {
        return name;
    }

    Graph graph() {
        return builder.build();
    }

    /** The inputs of each run; one run if the graph has no symbolic dims. */
    List<ImmutableMap<String, Tensor>> runs() {
        List<ImmutableMap<String, Tensor>> runs = new ArrayList<>();
        for (Map<String, Long> symbols : sizes.isEmpty() ? List.of(Map.<String, Long>of()) : sizes) {
            ImmutableMap.Builder<String, Tensor> run = ImmutableMap.builder();
            inputs.forEach((v, source) ->
                    run.put(v.id(), source.make(v.id().hashCode(), v.type().shape(symbols))));
            runs.add(run.buildOrThrow());
        }
        return runs;
    }
}
