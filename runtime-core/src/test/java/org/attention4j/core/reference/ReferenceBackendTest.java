package org.attention4j.core.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.backend.Probe;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ReferenceBackendTest {
    private final Backend.Provider provider = new ReferenceBackend.Provider();

    /** A state of {@code [rows]} zeros to which x is added. */
    private static Graph sum() {
        GraphBuilder b = new GraphBuilder("sum");
        TensorType type = TensorType.of(DType.F32, Dim.symbol("rows"));
        Value total = b.input("total", type);
        b.nextState(total, "total.next", b.add(total, b.input("x", type)));
        return b.build();
    }

    @Test
    void isAlwaysReady() {
        Probe.Ready ready = (Probe.Ready) provider.probe();
        assertEquals("cpu", ready.devices().getFirst().id());
        try (Backend backend =
                provider.create(BackendOptions.DEFAULT.withDevice("cpu").withThreads(1))) {
            assertEquals("reference", backend.name());
            assertEquals(ready.devices().getFirst(), backend.device());
        }
    }

    @Test
    void refusesOtherDevicesAndSettings() {
        BackendOptions gpu = BackendOptions.DEFAULT.withDevice("gpu");
        assertEquals(
                "backend reference: unknown device gpu; there is cpu",
                assertThrows(BackendException.class, () -> provider.create(gpu)).getMessage());
        BackendOptions setting = new BackendOptions(Optional.empty(), OptionalInt.empty(), Map.of("speed", "high"));
        assertEquals(
                "backend reference: unknown setting speed; it has none",
                assertThrows(BackendException.class, () -> provider.create(setting))
                        .getMessage());
    }

    @Test
    void statesAreNotRoundedBetweenRuns() {
        try (Backend backend = Run.backend();
                CompiledGraph compiled = backend.compile(sum(), CompileOptions.DEFAULT);
                Execution execution = compiled.newExecution(Map.of("rows", 1L))) {
            for (float x : new float[] {1e8f, 1, 1, -1e8f}) {
                execution.run(Map.of("x", Tensor.f32(Shape.of(1), x)));
            }
            assertArrayEquals(new float[] {2}, execution.readState("total").toFloatArray());
        }
    }

    @Test
    void statesBeyondTheHeapAreRefused() {
        try (Backend backend = Run.backend();
                CompiledGraph compiled = backend.compile(sum(), CompileOptions.DEFAULT)) {
            BackendException e =
                    assertThrows(BackendException.class, () -> compiled.newExecution(Map.of("rows", 1L << 50)));
            assertEquals(
                    "graph sum: its states take 9007199254740992 bytes with {rows=1125899906842624}, the heap has at most %d"
                            .formatted(Runtime.getRuntime().maxMemory()),
                    e.getMessage());
        }
    }

    @Test
    void oneCompiledGraphServesEverySize() {
        GraphBuilder b = new GraphBuilder("sizes");
        Dim seq = Dim.symbol("seq");
        Value x = b.input("x", TensorType.of(DType.I64, seq));
        b.result("y", b.add(b.concat(0, x, b.iota(Dim.of(1))), b.sizeOf(seq)));
        try (Backend backend = Run.backend();
                CompiledGraph compiled = backend.compile(b.build(), CompileOptions.DEFAULT)) {
            for (int n : new int[] {2, 0, 3}) {
                Tensor y = compiled.run(Map.of("x", Tensor.zeros(DType.I64, Shape.of(n))))
                        .values()
                        .asList()
                        .getFirst();
                long[] expected = new long[n + 1];
                Arrays.fill(expected, n);
                assertArrayEquals(expected, y.toLongArray());
            }
        }
    }
}
