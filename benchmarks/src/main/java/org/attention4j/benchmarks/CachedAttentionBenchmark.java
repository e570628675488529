package org.attention4j.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mixer.attention.CachedAttention;
import org.attention4j.core.state.Retention;
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
 * Attention of one token, or a few, to the tokens in the caches of {@link #layers} layers, without projections, by a lowering of
 * the caller's choice. Every run writes its tokens to the same slots, so the first sees {@link #cached} tokens and itself. A score
 * is the time for all layers.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class CachedAttentionBenchmark {
    @Param("onnx")
    String backend;

    /** {@code decomposed}, or the name of one of the backend's lowerings of {@code cached_attention}. */
    @Param({"group_query_attention", "write_first", "decomposed"})
    String lowering;

    /** 32: multi-head; 8: grouped-query; 1: multi-query. */
    @Param({"8", "1"})
    int kvHeads;

    @Param({"512", "4096"})
    int cached;

    /** New tokens of a run. */
    @Param("1")
    int tokens;

    /** Of the backend. */
    @Param("1")
    int threads;

    @Param("4")
    int layers;

    @Param("32")
    int heads;

    @Param("64")
    int headDim;

    private CompiledStep step;

    /** Compiles the graph and fills the caches. */
    @Setup
    public void setup() {
        Graph graph = graph();
        Map<String, Tensor> inputs = new HashMap<>();
        for (Value input : graph.inputs()) {
            if (input.type().dtype() == DType.F32 && !graph.states().containsKey(input.id())) {
                inputs.put(input.id(), random(input));
            }
        }
        inputs.put("position", Tensor.i64(Shape.of(1), cached));
        CompileOptions options = new CompileOptions(Map.of("cached_attention", lowering));
        step = new CompiledStep(backend, threads, graph, options, inputs);
        for (String state : graph.states().keySet()) {
            step.writeState(state, random(graph.input(state)));
        }
    }

    private static Tensor random(Value v) {
        return RandomTensors.of(DType.F32, v.id().hashCode(), v.type().shape(Map.of()));
    }

    private Graph graph() {
        GraphBuilder b = new GraphBuilder("attention");
        Value query = b.input("query", newTokens(heads));
        Value key = b.input("key", newTokens(kvHeads));
        Value value = b.input("value", newTokens(kvHeads));
        Value position = b.input("position", TensorType.of(DType.I64, Dim.of(1)));
        AttentionSpec spec = AttentionSpec.causal(heads, kvHeads, headDim);
        CachedAttention op = new CachedAttention(spec, new Retention.All(), Set.of());
        for (int i = 0; i < layers; i++) {
            Value pastKey = b.input("key." + i, cache());
            Value pastValue = b.input("value." + i, cache());
            List<Value> out = b.call(op, List.of(query, key, value, pastKey, pastValue, position));
            b.nextState(pastKey, "key." + i + ".next", out.get(1));
            b.nextState(pastValue, "value." + i + ".next", out.get(2));
            query = out.get(0);
        }
        b.result("y", query);
        return b.build();
    }

    private TensorType newTokens(int count) {
        return TensorType.of(DType.F32, Dim.of(1), Dim.of(tokens), Dim.of(count), Dim.of(headDim));
    }

    private TensorType cache() {
        return TensorType.of(DType.F32, Dim.of(1), Dim.of(kvHeads), Dim.of((long) cached + tokens), Dim.of(headDim));
    }

    /** The tokens through all layers. */
    @Benchmark
    public Tensor decode() {
        return step.run();
    }

    /** Frees the graph and the caches. */
    @TearDown(Level.Trial)
    public void close() {
        step.close();
    }
}
