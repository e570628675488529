package org.attention4j.x86;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.attention4j.core.mixer.linearattention.Decay;
import org.attention4j.core.mixer.linearattention.LinearRecurrence;
import org.attention4j.x86.LinearRecurrenceKernel.Shape;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Against the same recurrence in Java, in doubles. */
final class LinearRecurrenceKernelTest {
    /** Results are sums of some hundred products of numbers about 1 in F32. */
    private static final double TOLERANCE = 2e-5;

    private static final int BATCH = 2;
    private static final Random RANDOM = new Random(7);

    @BeforeAll
    static void needsTheProcessor() {
        Processor processor = Processor.current();
        assumeTrue(processor.missing().isEmpty(), () -> processor.missing().orElseThrow());
    }

    static List<Arguments> kinds() {
        List<Arguments> kinds = new ArrayList<>();
        for (Decay decay : Decay.values()) {
            for (boolean lowRank : new boolean[] {false, true}) {
                for (boolean readBefore : new boolean[] {false, true}) {
                    LinearRecurrence op = LinearRecurrence.of(decay, lowRank, readBefore, 0.5);
                    kinds.add(Arguments.of(new Shape(op, 3, 16, 16), 1));
                    kinds.add(Arguments.of(new Shape(op, 2, 7, 5), 4));
                    kinds.add(Arguments.of(new Shape(op, 1, 64, 64), 5));
                    kinds.add(Arguments.of(new Shape(op, 4, 33, 150), 3));
                    kinds.add(Arguments.of(new Shape(op, 5, 128, 192), 9));
                }
            }
        }
        return kinds;
    }

    @ParameterizedTest(name = "{0}, {1} tokens")
    @MethodSource("kinds")
    void computesTheRecurrence(Shape shape, int tokens) {
        try (Arena arena = Arena.ofConfined()) {
            Map<String, float[]> in = inputs(shape, tokens);
            MemorySegment y = Generated.guarded(arena, BATCH * tokens * shape.heads() * shape.valueDim());
            MemorySegment next = Generated.guarded(arena, state(in).length);
            run(shape, in, y, next, tokens, arena);
            Expected expected = expected(shape, in, tokens);
            assertArrayClose(expected.y, Generated.read(y), "y");
            assertArrayClose(expected.state, Generated.read(next), "state");
        }
    }

    /** A session's state is one piece of memory. */
    @Test
    void updatesAStateInPlace() {
        Shape shape = new Shape(LinearRecurrence.of(Decay.KEY, true, false, 1), 2, 48, 80);
        try (Arena arena = Arena.ofConfined()) {
            Map<String, float[]> in = inputs(shape, 3);
            MemorySegment y = Generated.guarded(arena, BATCH * 3 * 2 * 80);
            MemorySegment next = Generated.guarded(arena, state(in).length);
            run(shape, in, y, next, 3, arena);
            MemorySegment state = arena.allocateFrom(ValueLayout.JAVA_FLOAT, state(in));
            long[] addresses = addresses(shape, in, arena);
            addresses[0] = state.address();
            MemorySegment otherY = Generated.guarded(arena, BATCH * 3 * 2 * 80);
            new LinearRecurrenceKernel(shape)
                    .run(
                            addresses,
                            otherY.address(),
                            state.address(),
                            BATCH,
                            3,
                            arena.allocate(LinearRecurrenceKernel.scratchBytes(), 8),
                            Generated::backwards);
            assertArrayEquals(Generated.read(y), Generated.read(otherY));
            assertArrayEquals(Generated.read(next), state.toArray(ValueLayout.JAVA_FLOAT));
        }
    }

    /** As softmax's masks have it: a log decay of −∞ forgets all. */
    @Test
    void forgetsAll() {
        Shape shape = new Shape(LinearRecurrence.of(Decay.HEAD, false, false, 1), 1, 16, 16);
        try (Arena arena = Arena.ofConfined()) {
            Map<String, float[]> in = inputs(shape, 1);
            in.put("log_decay", new float[] {Float.NEGATIVE_INFINITY, Float.NaN});
            in.put("key", new float[BATCH * 16]);
            MemorySegment y = Generated.guarded(arena, BATCH * 16);
            MemorySegment next = Generated.guarded(arena, BATCH * 256);
            run(shape, in, y, next, 1, arena);
            float[] state = Generated.read(next);
            for (int i = 0; i < 256; i++) {
                assertEquals(0, Math.abs(state[i]), "forgotten");
                assertTrue(Float.isNaN(state[256 + i]), "the other sequence's decay is NaN");
            }
        }
    }

    @Test
    void refusesImpossibleSizes() {
        LinearRecurrence op = LinearRecurrence.of(Decay.NONE, false, false, 1);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new Shape(op, 2, 1025, 64));
        assertEquals(
                "recurrence: 2 heads of 1025 rows and 64 columns, expected at least 1 each, and at most 1024 rows",
                e.getMessage());
    }

    private static void run(
            Shape shape, Map<String, float[]> in, MemorySegment y, MemorySegment next, int tokens, Arena arena) {
        new LinearRecurrenceKernel(shape)
                .run(
                        addresses(shape, in, arena),
                        y.address(),
                        next.address(),
                        BATCH,
                        tokens,
                        arena.allocate(LinearRecurrenceKernel.scratchBytes(), 8),
                        Generated::backwards);
    }

    private static long[] addresses(Shape shape, Map<String, float[]> in, Arena arena) {
        return shape.op().inputNames().stream()
                .mapToLong(n ->
                        arena.allocateFrom(ValueLayout.JAVA_FLOAT, get(in, n)).address())
                .toArray();
    }

    private static float[] state(Map<String, float[]> in) {
        return get(in, "state");
    }

    private static float[] get(Map<String, float[]> in, String name) {
        return requireNonNull(in.get(name));
    }

    private static Map<String, float[]> inputs(Shape shape, int tokens) {
        int rows = BATCH * tokens * shape.heads();
        Map<String, float[]> in = new HashMap<>();
        in.put("state", Generated.random(RANDOM, BATCH * shape.heads() * shape.keyDim() * shape.valueDim(), 1));
        double small = 1 / Math.sqrt(shape.keyDim());
        for (String name : List.of("query", "key", "remove", "write")) {
            in.put(name, Generated.random(RANDOM, rows * shape.keyDim(), small));
        }
        in.put("value", Generated.random(RANDOM, rows * shape.valueDim(), 1));
        in.put("bonus", Generated.random(RANDOM, shape.heads() * shape.keyDim(), 1));
        float[] decays = Generated.random(RANDOM, rows * shape.keyDim(), 1);
        for (int i = 0; i < decays.length; i++) {
            decays[i] = -Math.abs(decays[i]);
        }
        in.put("log_decay", decays);
        return in;
    }

    private static final class Expected {
        private final double[] y;
        private final double[] state;

        Expected(double[] y, double[] state) {
            this.y = y;
            this.state = state;
        }
    }

    private static Expected expected(Shape s, Map<String, float[]> in, int tokens) {
        double[] y = new double[BATCH * tokens * s.heads() * s.valueDim()];
        double[] state = new double[state(in).length];
        for (int i = 0; i < state.length; i++) {
            state[i] = state(in)[i];
        }
        for (int sequence = 0; sequence < BATCH; sequence++) {
            for (int t = 0; t < tokens; t++) {
                for (int h = 0; h < s.heads(); h++) {
                    int row = (sequence * tokens + t) * s.heads() + h;
                    step(s, in, row, h, state, (sequence * s.heads() + h) * s.keyDim() * s.valueDim(), y);
                }
            }
        }
        return new Expected(y, state);
    }

    private static void step(Shape s, Map<String, float[]> in, int row, int head, double[] state, int at, double[] y) {
        LinearRecurrence op = s.op();
        int rows = s.keyDim();
        float[] queries = get(in, "query");
        float[] keys = get(in, "key");
        float[] values = get(in, "value");
        float[] decays = get(in, "log_decay");
        float[] removes = get(in, "remove");
        float[] writes = get(in, "write");
        float[] bonuses = get(in, "bonus");
        for (int c = 0; c < s.valueDim(); c++) {
            double removed = 0;
            for (int d = 0; d < rows; d++) {
                removed += removes[row * rows + d] * state[at + d * s.valueDim() + c];
            }
            double value = values[row * s.valueDim() + c];
            double read = 0;
            for (int d = 0; d < rows; d++) {
                double before = state[at + d * s.valueDim() + c];
                double added = keys[row * rows + d] * value;
                double factor = switch (op.decay()) {
                    case NONE -> 1;
                    case HEAD -> Math.exp(decays[row]);
                    case KEY -> Math.exp(decays[row * rows + d]);
                };
                double after = factor * before + added;
                if (op.lowRank()) {
                    after += writes[row * rows + d] * removed;
                }
                state[at + d * s.valueDim() + c] = after;
                double seen = op.readBefore() ? before + bonuses[head * rows + d] * added : after;
                read += queries[row * rows + d] * seen;
            }
            y[row * s.valueDim() + c] = op.scale() * read;
        }
    }

    private static void assertArrayClose(double[] expected, float[] actual, String name) {
        assertEquals(expected.length, actual.length, name);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], TOLERANCE * (1 + Math.abs(expected[i])), name + " " + i);
        }
    }
}
