package org.attention4j.tornado;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.tornado.machine.Bank;
import org.attention4j.tornado.machine.JavaMachine;
import org.junit.jupiter.api.Test;

/** What is told when a device's memory is full. */
class JavaMemoryTest {
    private static final long MIB = 1 << 20;

    /** A state of 1000 floats for each token of the context. */
    private static Graph graph() {
        GraphBuilder b = new GraphBuilder("memory");
        Value x = b.input("x", TensorType.of(DType.F32));
        Value state = b.input("state", TensorType.of(DType.F32, Dims.CONTEXT, Dim.of(1000)));
        b.nextState(state, "state.next", b.add(state, x));
        b.result("y", b.add(x, 1));
        return b.build();
    }

    @Test
    void statesThatDontFitSayWhichContextWould() {
        // The arrays take 9 MiB at first: 4 of floats, 4 of integers, 1 of bytes.
        JavaMachine machine = new JavaMachine(20 * MIB);
        try (Backend backend = TestBackends.java(machine);
                CompiledGraph compiled = backend.compile(graph(), CompileOptions.DEFAULT)) {
            BackendException e = assertThrows(
                    BackendException.class, () -> compiled.newExecution(ImmutableMap.of("context", 8192L)));
            // 1 Mi floats that there are, less 288 for powers of two, and 11 MiB more.
            long most = MIB - 288 + 11 * MIB / 4;
            long context = most / 1000;
            assertEquals(
                    ("graph memory: states with {context=8192} (context=%d would fit): 8192000 floats (32 MiB) don't fit on Java, but"
                                    + " %d would: an array has at most 268435456, of which 288 are in use, and arrays take 9 of the"
                                    + " device's 20 MiB")
                            .formatted(context, most),
                    e.getMessage());
            assertTrue(machine.mostFree(Bank.FLOATS) >= most, "nothing is lost");
            try (Execution fits = compiled.newExecution(ImmutableMap.of("context", context))) {
                Map<String, Tensor> results = fits.run(ImmutableMap.of("x", Tensor.f32(Shape.of(), 2)));
                assertEquals(3, requireNonNull(results.get("y")).getDouble(0));
                assertEquals(2, fits.readState("state").getDouble(1000 * context - 1));
            }
        }
    }

    @Test
    void weightsThatDontFitSayWhichOne() {
        GraphBuilder b = new GraphBuilder("memory");
        Value x = b.input("x", TensorType.of(DType.F32, Dim.of(3_000_000)));
        b.result("y", b.add(x, b.constant("weight", Tensor.zeros(DType.F32, Shape.of(3_000_000)))));
        JavaMachine machine = new JavaMachine(16 * MIB);
        try (Backend backend = TestBackends.java(machine);
                CompiledGraph compiled = backend.compile(b.build(), CompileOptions.DEFAULT)) {
            Map<String, Tensor> inputs = ImmutableMap.of("x", Tensor.zeros(DType.F32, Shape.of(3_000_000)));
            BackendException e = assertThrows(BackendException.class, () -> compiled.run(inputs));
            assertTrue(
                    String.valueOf(e.getMessage())
                            .startsWith("graph memory: constant weight: 3000000 floats (12 MiB) don't fit on Java"),
                    e.getMessage());
        }
    }

    @Test
    void temporaryValuesThatDontFitSayWhose() {
        GraphBuilder b = new GraphBuilder("memory");
        Value x = b.input("x", TensorType.of(DType.F32, Dims.SEQ));
        b.result("y", b.add(x, 1));
        JavaMachine machine = new JavaMachine(16 * MIB);
        try (Backend backend = TestBackends.java(machine);
                CompiledGraph compiled = backend.compile(b.build(), CompileOptions.DEFAULT)) {
            for (long seq : new long[] {10, 3_000_000, 1000}) {
                Map<String, Tensor> inputs = ImmutableMap.of("x", Tensor.zeros(DType.F32, Shape.of(seq)));
                if (seq > MIB) {
                    BackendException e = assertThrows(BackendException.class, () -> compiled.run(inputs));
                    assertTrue(
                            String.valueOf(e.getMessage()).startsWith("graph memory: temporary values: 6000016 floats"),
                            e.getMessage());
                } else {
                    assertEquals(
                            1, requireNonNull(compiled.run(inputs).get("y")).getDouble((int) seq - 1));
                }
            }
        }
    }
}
