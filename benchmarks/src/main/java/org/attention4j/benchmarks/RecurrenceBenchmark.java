package org.attention4j.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.linearattention.Decay;
import org.attention4j.core.mixer.linearattention.LinearRecurrence;
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
 * The recurrences of linear attention over {@link #tokens} tokens, without projections, by a lowering of the caller's choice. A
 * score is the time for all tokens of one layer.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class RecurrenceBenchmark {
    private static final double LEAST_LOG_DECAY = -0.61;

    @Param("onnx")
    String backend;

    /** {@code decomposed}, a loop over the tokens, or the name of one of the backend's lowerings of {@code linear_recurrence}. */
    @Param({"form_by_length", "linear_attention", "decomposed"})
    String lowering;

    @Param({"RWKV7", "GATED_DELTA", "MAMBA2", "GLA", "LINEAR"})
    Kind kind;

    @Param({"1", "128", "512"})
    int tokens;

    /** Of the backend. */
    @Param("2")
    int threads;

    @Param("12")
    int heads;

    @Param("64")
    int headDim;

    private CompiledStep step;

    /** What there is to compute. */
    public enum Kind {
        /** With decays of at least e^(−0.61) a token and a matrix of rank 1. */
        RWKV7,
        /** With a decay for each head and a matrix of rank 1. */
        GATED_DELTA,
        /** With a decay for each head. */
        MAMBA2,
        /** With a decay for each key entry. */
        GLA,
        /** Without a decay. */
        LINEAR;

        private LinearRecurrence op() {
            return switch (this) {
                case RWKV7 -> LinearRecurrence.of(Decay.KEY, true, false, 1).withLeastLogDecay(LEAST_LOG_DECAY);
                case GATED_DELTA -> LinearRecurrence.of(Decay.HEAD, true, false, 1);
                case MAMBA2 -> LinearRecurrence.of(Decay.HEAD, false, false, 1);
                case GLA -> LinearRecurrence.of(Decay.KEY, false, false, 1);
                case LINEAR -> LinearRecurrence.of(Decay.NONE, false, false, 1);
            };
        }
    }

    /** Compiles the graph and makes inputs. */
    @Setup
    public void setup() {
        Graph graph = graph();
        Map<String, Tensor> inputs = new HashMap<>();
        for (Value input : graph.inputs()) {
            if (!graph.states().containsKey(input.id())) {
                inputs.put(input.id(), input(input));
            }
        }
        step = new CompiledStep(
                backend, threads, graph, new CompileOptions(Map.of("linear_recurrence", lowering)), inputs);
    }

    /** Small enough that the state stays small. */
    private Tensor input(Value v) {
        Shape shape = v.type().shape(Map.of());
        return v.id().equals("log_decay")
                ? RandomTensors.uniform(1, LEAST_LOG_DECAY, 0, shape)
                : RandomTensors.normal(v.id().hashCode(), 0.3 / Math.sqrt(headDim), shape);
    }

    private Graph graph() {
        GraphBuilder b = new GraphBuilder("recurrence");
        LinearRecurrence op = kind.op();
        List<Value> in =
                op.inputNames().stream().map(name -> b.input(name, type(name))).toList();
        List<Value> out = b.call(op, in);
        b.nextState(in.getFirst(), "state.next", out.get(1));
        b.result("y", out.getFirst());
        return b.build();
    }

    private TensorType type(String name) {
        Dim head = Dim.of(heads);
        Dim entry = Dim.of(headDim);
        if (name.equals("state")) {
            return TensorType.of(DType.F32, Dim.of(1), head, entry, entry);
        }
        return name.equals("log_decay") && kind.op().decay() == Decay.HEAD
                ? TensorType.of(DType.F32, Dim.of(1), Dim.of(tokens), head)
                : TensorType.of(DType.F32, Dim.of(1), Dim.of(tokens), head, entry);
    }

    /** All tokens through one layer. */
    @Benchmark
    public Tensor run() {
        return step.run();
    }

    /** Frees the graph and the state. */
    @TearDown(Level.Trial)
    public void close() {
        step.close();
    }
}
