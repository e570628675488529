package org.attention4j.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.testkit.Compare;
import org.attention4j.testkit.Tolerance;
import org.attention4j.x86.BlockFormat;
import org.attention4j.x86.FloatMatrix;
import org.attention4j.x86.Processor;
import org.junit.jupiter.api.Assertions;

/** A graph of one composite op, to compare what a lowering computes with the reference backend. */
public final class OneOp {
    private final GraphBuilder builder = new GraphBuilder("one_op");
    private final CompositeOp op;
    private final List<Value> inputs = new ArrayList<>();
    private final List<String> free = new ArrayList<>();
    private Map<String, String> settings = Map.of();
    private CompileOptions options = CompileOptions.DEFAULT;

    public OneOp(CompositeOp op) {
        this.op = op;
    }

    /** The next input is given to each run. */
    public OneOp input(TensorType type) {
        String name = op.inputNames().get(inputs.size());
        free.add(name);
        inputs.add(builder.input(name, type));
        return this;
    }

    /** The next input is a weight. */
    public OneOp weight(Tensor tensor) {
        inputs.add(builder.weight("weights." + op.inputNames().get(inputs.size()), tensor));
        return this;
    }

    /** Makes the graph count as one of a large quantised model, without weighing anything down. */
    public OneOp large() {
        builder.weight("ballast", Tensor.zeros(DType.Q4_0, Shape.of(1 << 10, 1 << 14)));
        return this;
    }

    public OneOp setting(String name, String value) {
        settings = ImmutableMap.of(name, value);
        return this;
    }

    /** Pins the lowerings of all ops of a name. */
    public OneOp pin(String name, String lowering) {
        options = new CompileOptions(ImmutableMap.of(name, lowering));
        return this;
    }

    /** The lowering of products with quantised weights in large models on this machine. */
    public static String fastProduct(DType dtype) {
        boolean generated =
                Processor.current().missing().isEmpty() && BlockFormat.of(dtype).isPresent();
        return generated ? "generated_product" : "matmul_nbits";
    }

    /** The lowering of products with few weights that are numbers by themselves. */
    public static String floatProduct(DType dtype) {
        boolean generated = Processor.current().missing().isEmpty() && FloatMatrix.supports(dtype);
        return generated ? "generated_float_product" : "matmul_f32";
    }

    private Graph graph() {
        List<Value> out = builder.call(op, inputs);
        for (int i = 0; i < out.size(); i++) {
            builder.result("y" + i, out.get(i));
        }
        return builder.build();
    }

    /** Fails unless the op gets this lowering and each run's results are near those of the reference backend. */
    public void check(String lowering, Tolerance tolerance, List<List<Tensor>> runs) {
        check(ImmutableList.of(lowering), tolerance, runs);
    }

    /** The same where the lowering writes other ops, which get lowerings too. */
    public void check(List<String> lowerings, Tolerance tolerance, List<List<Tensor>> runs) {
        check(lowerings, expected -> tolerance, runs);
    }

    /** The same with a tolerance relative to the largest result. */
    public void checkOfLargest(List<String> lowerings, double tolerance, List<List<Tensor>> runs) {
        check(lowerings, expected -> new Tolerance(tolerance * largest(expected), 0), runs);
    }

    private static double largest(Map<String, Tensor> results) {
        double largest = 0;
        for (Tensor t : results.values()) {
            for (float f : t.toFloatArray()) {
                largest = Math.max(largest, Math.abs(f));
            }
        }
        return largest;
    }

    private void check(
            List<String> lowerings, Function<Map<String, Tensor>, Tolerance> tolerance, List<List<Tensor>> runs) {
        Graph graph = graph();
        BackendOptions backend = new BackendOptions(Optional.empty(), OptionalInt.of(2), settings);
        try (Backend reference = Backends.create("reference", BackendOptions.DEFAULT);
                Backend onnx = Backends.create("onnx", backend);
                CompiledGraph expected = reference.compile(graph, CompileOptions.DEFAULT);
                CompiledGraph actual = onnx.compile(graph, options)) {
            Assertions.assertEquals(
                    lowerings,
                    actual.plan().choices().stream().map(Plan.Choice::lowering).toList());
            Assertions.assertEquals(actual.plan(), onnx.plan(graph, options), "the plan without compiling");
            for (List<Tensor> run : runs) {
                ImmutableMap.Builder<String, Tensor> named = ImmutableMap.builder();
                for (int i = 0; i < run.size(); i++) {
                    named.put(free.get(i), run.get(i));
                }
                Map<String, Tensor> in = named.buildOrThrow();
                Map<String, Tensor> right = expected.run(in);
                Compare.assertClose(op + " of " + run, right, actual.run(in), tolerance.apply(right));
            }
        }
    }
}
