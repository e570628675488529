package org.attention4j.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Embedding;
import org.attention4j.core.linear.Linear;
import org.attention4j.core.mixer.attention.AttentionInput;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mixer.attention.CachedAttention;
import org.attention4j.core.state.Retention;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.testkit.RandomTensors;
import org.junit.jupiter.api.Test;

/** What runs, executions and compiled graphs take, and that they give it back. */
class OnnxMemoryTest {
    private static final Backend BACKEND = Backends.create("onnx", BackendOptions.DEFAULT.withThreads(1));
    private static final long MIB = 1 << 20;

    /** One layer of attention of one head of 64 over a cache of the dimension {@code context}. */
    private static Graph attention() {
        GraphBuilder b = new GraphBuilder("attention");
        Dim one = Dim.of(1);
        TensorType fresh = TensorType.of(DType.F32, one, Dims.SEQ, one, Dim.of(64));
        TensorType cache = TensorType.of(DType.F32, one, one, Dims.CONTEXT, Dim.of(64));
        List<Value> inputs = List.of(
                b.input("query", fresh),
                b.input("key", fresh),
                b.input("value", fresh),
                b.input("past_key", cache),
                b.input("past_value", cache),
                b.input("position", TensorType.of(DType.I64, one)));
        AttentionSpec spec = AttentionSpec.causal(1, 1, 64);
        List<Value> out =
                b.call(new CachedAttention(spec, new Retention.All(), EnumSet.noneOf(AttentionInput.class)), inputs);
        b.result("y", out.get(0));
        b.nextState(inputs.get(3), "next_key", out.get(1));
        b.nextState(inputs.get(4), "next_value", out.get(2));
        return b.build();
    }

    private static Map<String, Tensor> token(long position) {
        Tensor x = RandomTensors.of(DType.F32, position, Shape.of(1, 1, 1, 64));
        return Map.of("query", x, "key", x, "value", x, "position", Tensor.i64(Shape.of(1), position));
    }

    @Test
    void aStepAllocatesNothingThatGrowsWithTheContext() {
        try (CompiledGraph compiled = BACKEND.compile(attention(), CompileOptions.DEFAULT)) {
            long few = bytesOfStep(compiled, 64);
            long many = bytesOfStep(compiled, 65_536);
            assertTrue(many < few + 1024, "a step allocates %d bytes of 64 tokens, %d of 65,536".formatted(few, many));
            assertTrue(many < 16_384, "a step allocates %d bytes".formatted(many));
        }
    }

    /** Bytes of Java's heap that the last of many steps allocates. */
    private static long bytesOfStep(CompiledGraph compiled, long context) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = 0;
        try (Execution execution = compiled.newExecution(Map.of("context", context))) {
            for (int i = 0; i < 40; i++) {
                Map<String, Tensor> inputs = token(i);
                long before = threads.getCurrentThreadAllocatedBytes();
                execution.run(inputs);
                bytes = threads.getCurrentThreadAllocatedBytes() - before;
            }
        }
        return bytes;
    }

    @Test
    void roomForTokensThatWereNotSeenTakesNoMemory() {
        try (CompiledGraph compiled = BACKEND.compile(attention(), CompileOptions.DEFAULT)) {
            long before = ResidentMemory.bytes();
            // 2 × 512 MiB.
            try (Execution execution = compiled.newExecution(Map.of("context", 2L << 20))) {
                execution.run(token(0));
                execution.run(token(1));
                long taken = ResidentMemory.bytes() - before;
                assertTrue(taken < 100 * MIB, "two tokens took %d bytes".formatted(taken));
            }
        }
    }

    @Test
    void moreMemoryThanThereIsIsRefused() {
        try (CompiledGraph compiled = BACKEND.compile(attention(), CompileOptions.DEFAULT)) {
            BackendException e =
                    assertThrows(BackendException.class, () -> compiled.newExecution(Map.of("context", 1L << 40)));
            assertEquals(
                    "onnx: past_key F32[1, 1, 1099511627776, 64] takes 281474976710656 bytes, expected at most"
                            + " 2147483647 in one tensor",
                    e.getMessage());
        }
    }

    @Test
    void executionsGiveTheirMemoryBack() {
        try (CompiledGraph compiled = BACKEND.compile(attention(), CompileOptions.DEFAULT)) {
            Tensor state = Tensor.zeros(DType.F32, Shape.of(1, 1, 1 << 17, 64));
            long before = 0;
            for (int i = 0; i < 16; i++) {
                Tensor y;
                try (Execution execution = compiled.newExecution(Map.of("context", 1L << 17))) {
                    execution.writeState("past_key", state);
                    execution.writeState("past_value", state);
                    y = Optional.ofNullable(execution.run(token(0)).get("y")).orElseThrow();
                    assertTrue(y.data().scope().isAlive());
                }
                assertFalse(y.data().scope().isAlive(), "a result outlives its execution");
                before = i == 2 ? ResidentMemory.bytes() : before;
            }
            // 13 × 64 MiB, if they stayed.
            long grown = ResidentMemory.bytes() - before;
            assertTrue(grown < 200 * MIB, "closed executions keep %d bytes".formatted(grown));
        }
    }

    @Test
    void compiledGraphsGiveTheirMemoryBack() {
        GraphBuilder b = new GraphBuilder("linear");
        Value x = b.input("x", TensorType.of(DType.F32, Dim.of(1), Dim.of(1024)));
        Tensor weight = Tensor.zeros(DType.F32, Shape.of(8192, 1024));
        b.result("y", b.apply(new Linear(false), x, b.weight("w", weight)));
        Graph graph = b.build();
        long before = 0;
        for (int i = 0; i < 14; i++) {
            BACKEND.compile(graph, CompileOptions.DEFAULT).close();
            before = i == 3 ? ResidentMemory.bytes() : before;
        }
        // 10 × 32 MiB, if they stayed.
        long grown = ResidentMemory.bytes() - before;
        assertTrue(grown < 150 * MIB, "closed graphs keep %d bytes".formatted(grown));
    }

    /** Of a table of 64 MiB all rows are read, but not at once. */
    @Test
    void rowsThatWereReadNeedNotStayInMemory() {
        GraphBuilder b = new GraphBuilder("embedding");
        Value ids = b.input("ids", TensorType.of(DType.I64, Dim.of(1), Dims.SEQ));
        Tensor table = Tensor.zeros(DType.F16, Shape.of(16_384, 2048));
        b.result("y", b.apply(new Embedding(), ids, b.weight("table", table)));
        try (CompiledGraph compiled = BACKEND.compile(b.build(), CompileOptions.DEFAULT);
                Execution execution = compiled.newExecution(Map.of())) {
            execution.run(Map.of("ids", Tensor.i64(Shape.of(1, 128), new long[128])));
            long before = ResidentMemory.bytes();
            for (int first = 0; first < 16_384; first += 128) {
                long[] rows = LongStream.range(first, first + 128).toArray();
                execution.run(Map.of("ids", Tensor.i64(Shape.of(1, 128), rows)));
            }
            long grown = ResidentMemory.bytes() - before;
            assertTrue(grown < 24 * MIB, "the rows take %d bytes".formatted(grown));
        }
    }

    @Test
    void filesAreGoneWhenAGraphIsCompiled() throws IOException {
        try (CompiledGraph compiled = BACKEND.compile(attention(), CompileOptions.DEFAULT);
                var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            assertEquals(6, compiled.graph().inputs().size());
            assertEquals(
                    List.of(),
                    files.filter(f -> f.getFileName().toString().startsWith(TemporaryFolder.prefix()))
                            .toList());
        }
    }
}
