package org.attention4j.benchmarks;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Linear;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.testkit.RandomTensors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Products with weight matrices, as the MLPs of a model of 1 B parameters have them: {@link #layers} times from {@link #inner} to
 * {@link #outer} and back, each product taking the one before as its input. With the default sizes these are 134,217,728
 * weights, which no cache holds even at 4 bits. A score is the time for all of them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx4g", "--enable-native-access=ALL-UNNAMED"})
public class LinearBenchmark {
    static final String BEST = "best";

    @Param("onnx")
    String backend;

    @Param({"F32", "F16", "Q8_0", "Q4_0", "Q4_K", "Q6_K"})
    DType weights;

    /** 1: decoding; more: a prompt. */
    @Param({"1", "128"})
    int tokens;

    /** Of the backend. */
    @Param("1")
    int threads;

    /** The backend's lowering of {@code linear}; {@value #BEST} leaves it the choice. */
    @Param(BEST)
    String lowering;

    @Param("4")
    int layers;

    @Param("2048")
    int inner;

    @Param("8192")
    int outer;

    private CompiledStep step;

    /** Compiles the graph. */
    @Setup
    public void setup() {
        Tensor x = RandomTensors.of(DType.F32, 0, Shape.of(1, tokens, inner));
        CompileOptions options =
                lowering.equals(BEST) ? CompileOptions.DEFAULT : new CompileOptions(Map.of("linear", lowering));
        step = new CompiledStep(backend, threads, graph(), options, Map.of("x", x));
    }

    private Graph graph() {
        GraphBuilder b = new GraphBuilder("linear");
        Value x = b.input("x", TensorType.of(DType.F32, Dim.of(1), Dim.of(tokens), Dim.of(inner)));
        Value y = x;
        for (int i = 0; i < layers; i++) {
            y = b.apply(new Linear(false), y, weight(b, "up." + i, outer, inner));
            y = b.apply(new Linear(false), y, weight(b, "down." + i, inner, outer));
        }
        b.result("y", y);
        return b.build();
    }

    private Value weight(GraphBuilder b, String name, long rows, long columns) {
        return b.weight(name, RandomTensors.of(weights, name.hashCode(), Shape.of(rows, columns)));
    }

    /** All products once. */
    @Benchmark
    public Tensor products() {
        return step.run();
    }

    /** Frees the graph. */
    @TearDown(Level.Trial)
    public void close() {
        step.close();
    }
}
