package org.attention4j.x86;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.x86.RowFunction.Input;
import org.attention4j.x86.RowFunction.Step;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the same steps in Java, in doubles. */
final class RowFunctionKernelTest {
    /** Some twenty roundings of F32 after each other, of numbers about 1. */
    private static final double TOLERANCE = 4e-6;

    @BeforeAll
    static void needsTheProcessor() {
        Processor processor = Processor.current();
        assumeTrue(processor.missing().isEmpty(), () -> processor.missing().orElseThrow());
    }

    /** Steps, with the numbers of their values. */
    private static final class Steps {
        private final List<Input> inputs;
        private final List<Step> all = new ArrayList<>();

        Steps(Input... inputs) {
            this.inputs = List.of(inputs);
        }

        int add(Step step) {
            all.add(step);
            return inputs.size() + all.size() - 1;
        }

        int number(double x) {
            return add(new Step.Constant((float) x));
        }

        int of(UnaryKind kind, int x) {
            return add(new Step.Unary(kind, x));
        }

        int of(BinaryKind kind, int a, int b) {
            return add(new Step.Binary(kind, a, b));
        }

        int of(ReduceKind kind, int x) {
            return add(new Step.Reduce(kind, x));
        }

        RowFunction outputs(int size, int group, Integer... outputs) {
            return new RowFunction(size, group, inputs, all, List.of(outputs));
        }
    }

    @ParameterizedTest(name = "rows of {0} entries in groups of {1}, {2} of them")
    @CsvSource({"768, 64, 3", "64, 64, 1", "5, 5, 2", "40, 20, 7", "300, 100, 400", "6, 1, 3", "48, 16, 33"})
    void computesEveryKindOfStepAndInput(int size, int group, int rows) {
        Steps s =
                new Steps(Input.ROWS, Input.ROWS_OF_GROUPS, Input.ENTRIES, Input.GROUPS, Input.ONE_GROUP, Input.NUMBER);
        int gate = s.of(UnaryKind.SIGMOID, 0);
        int mixed = s.of(BinaryKind.MUL, gate, 2);
        int shifted = s.of(BinaryKind.SUB, s.of(UnaryKind.TANH, mixed), 4);
        int square = s.of(BinaryKind.MUL, shifted, shifted);
        int length = s.of(UnaryKind.SQRT, s.of(ReduceKind.SUM, square));
        int scaled = s.of(BinaryKind.MUL, shifted, s.of(UnaryKind.RECIPROCAL, s.of(BinaryKind.ADD, length, 5)));
        int mean = s.of(ReduceKind.MEAN, s.of(BinaryKind.ADD, scaled, gate));
        int grown = s.of(UnaryKind.EXP, s.of(UnaryKind.NEG, s.of(UnaryKind.ABS, scaled)));
        int centred = s.of(BinaryKind.SUB, grown, mean);
        int least = s.of(BinaryKind.MIN, centred, s.number(0.25));
        int most = s.of(BinaryKind.MAX, s.of(BinaryKind.MUL, least, 1), s.number(-0.5));
        int ratio = s.of(BinaryKind.DIV, most, s.of(BinaryKind.ADD, s.of(UnaryKind.ABS, 3), s.number(1)));
        int last = s.of(ReduceKind.SUM, ratio);
        int half = s.of(BinaryKind.MUL, last, s.number(0.5));
        check(s.outputs(size, group, ratio, mean, gate, half, shifted), rows);
    }

    @Test
    void normsRowsInThreePasses() {
        Steps s = new Steps(Input.ROWS, Input.ENTRIES);
        int centred = s.of(BinaryKind.SUB, 0, s.of(ReduceKind.MEAN, 0));
        int variance = s.of(ReduceKind.MEAN, s.of(BinaryKind.MUL, centred, centred));
        int deviation = s.of(UnaryKind.SQRT, s.of(BinaryKind.ADD, variance, s.number(1e-5)));
        int normed = s.of(BinaryKind.DIV, centred, deviation);
        check(s.outputs(770, 770, s.of(BinaryKind.MUL, normed, 1)), 5);
    }

    /** Also where 1 + x is 1, and where e^x is infinite. */
    @Test
    void tanhHasAllItsDigits() {
        float[] x = {0, -0f, 1e-30f, -3e-9f, 1e-4f, 0.01f, -0.3f, 0.5f, 2, -9, 30, 1e30f, -1e30f};
        Steps s = new Steps(Input.ROWS);
        float[] y = run(s.outputs(x.length, x.length, s.of(UnaryKind.TANH, 0)), 1, List.of(x))
                .getFirst();
        for (int i = 0; i < x.length; i++) {
            assertEquals(Math.tanh(x[i]), y[i], Double.MIN_VALUE + 3e-7 * Math.abs(Math.tanh(x[i])), "tanh " + x[i]);
        }
    }

    @Test
    void nanWinsOnBothSides() {
        Steps s = new Steps(Input.ROWS, Input.ROWS);
        int most = s.of(BinaryKind.MAX, 0, 1);
        int least = s.of(BinaryKind.MIN, 0, 1);
        int tanh = s.of(UnaryKind.TANH, s.of(BinaryKind.ADD, most, least));
        List<float[]> y =
                run(s.outputs(3, 3, most, least, tanh), 1, List.of(new float[] {Float.NaN, 1, 2}, new float[] {
                    1, Float.NaN, -3
                }));
        for (float[] of : y) {
            assertTrue(Float.isNaN(of[0]) && Float.isNaN(of[1]));
        }
        assertEquals(2, y.get(0)[2]);
        assertEquals(-3, y.get(1)[2]);
    }

    @Test
    void refusesWhatDoesNotFit() {
        Steps s = new Steps(Input.ROWS);
        int square = s.of(BinaryKind.MUL, 0, 0);
        int rest = s.of(BinaryKind.SUB, square, s.of(ReduceKind.SUM, square));
        assertTrue(s.outputs(1 << 14, 1 << 14, rest).fits());
        RowFunction tooLong = s.outputs(1 << 16, 1 << 16, rest);
        assertFalse(tooLong.fits());
        assertThrows(IllegalArgumentException.class, () -> new RowFunctionKernel(tooLong));
        assertEquals(
                "row function: groups of 3 in rows of 7 entries, expected a divisor",
                assertThrows(IllegalArgumentException.class, () -> s.outputs(7, 3, rest))
                        .getMessage());
        assertEquals(
                "row function: step 0 reads value 1, expected one below 1",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new RowFunction(
                                        4,
                                        4,
                                        List.of(Input.ROWS),
                                        List.of(new Step.Unary(UnaryKind.NEG, 1)),
                                        List.of(1)))
                        .getMessage());
    }

    private static void check(RowFunction f, int rows) {
        Random random = new Random(f.size() + rows);
        List<float[]> inputs = f.inputs().stream()
                .map(kind -> Generated.random(random, count(f, kind, rows), 1))
                .toList();
        inputs.getLast()[0] = Math.abs(inputs.getLast()[0]) + 0.5f;
        List<float[]> actual = run(f, rows, inputs);
        for (int row = 0; row < rows; row++) {
            for (int group = 0; group < f.size() / f.group(); group++) {
                double[][] expected = expected(f, inputs, row, group);
                for (int o = 0; o < actual.size(); o++) {
                    int value = f.outputs().get(o);
                    boolean isOfEntries = f.isOfEntries(value);
                    for (int i = 0; i < (isOfEntries ? f.group() : 1); i++) {
                        int at = isOfEntries
                                ? row * f.size() + group * f.group() + i
                                : row * (f.size() / f.group()) + group;
                        double y = expected[value][i];
                        double of = isOfEntries ? 1 : f.group();
                        assertEquals(
                                y,
                                actual.get(o)[at],
                                TOLERANCE * (of + Math.abs(y)),
                                "output %d, row %d, group %d, entry %d".formatted(o, row, group, i));
                    }
                }
            }
        }
    }

    private static int count(RowFunction f, Input kind, int rows) {
        return switch (kind) {
            case ROWS -> rows * f.size();
            case ROWS_OF_GROUPS -> rows * (f.size() / f.group());
            case ENTRIES -> f.size();
            case GROUPS -> f.size() / f.group();
            case ONE_GROUP -> f.group();
            case NUMBER -> 1;
        };
    }

    private static List<float[]> run(RowFunction f, int rows, List<float[]> inputs) {
        try (Arena arena = Arena.ofConfined()) {
            List<MemorySegment> outputs = f.outputs().stream()
                    .map(v -> Generated.guarded(
                            arena, f.isOfEntries(v) ? rows * f.size() : rows * (f.size() / f.group())))
                    .toList();
            List<MemorySegment> all = new ArrayList<>();
            inputs.forEach(x -> all.add(arena.allocateFrom(ValueLayout.JAVA_FLOAT, x)));
            all.addAll(outputs);
            RowFunctionKernel kernel = new RowFunctionKernel(f);
            kernel.run(
                    all.stream().mapToLong(MemorySegment::address).toArray(),
                    rows,
                    arena.allocate(kernel.scratchBytes(), 8),
                    Generated::backwards);
            return outputs.stream().map(Generated::read).toList();
        }
    }

    /** All values of one group. */
    private static double[][] expected(RowFunction f, List<float[]> inputs, int row, int group) {
        int groups = f.size() / f.group();
        double[][] values = new double[inputs.size() + f.steps().size()][f.group()];
        for (int v = 0; v < values.length; v++) {
            for (int i = 0; i < f.group(); i++) {
                int entry = group * f.group() + i;
                if (v < inputs.size()) {
                    int at = switch (f.inputs().get(v)) {
                        case ROWS -> row * f.size() + entry;
                        case ROWS_OF_GROUPS -> row * groups + group;
                        case ENTRIES -> entry;
                        case GROUPS -> group;
                        case ONE_GROUP -> i;
                        case NUMBER -> 0;
                    };
                    values[v][i] = inputs.get(v)[at];
                } else {
                    values[v][i] = step(f.steps().get(v - inputs.size()), values, i);
                }
            }
        }
        return values;
    }

    private static double step(Step step, double[][] values, int i) {
        return switch (step) {
            case Step.Constant(float number) -> number;
            case Step.Unary(UnaryKind kind, int x) -> unary(kind, values[x][i]);
            case Step.Binary(BinaryKind kind, int a, int b) -> binary(kind, values[a][i], values[b][i]);
            case Step.Reduce(ReduceKind kind, int x) -> {
                double sum = 0;
                for (double y : values[x]) {
                    sum += y;
                }
                yield kind == ReduceKind.MEAN ? sum / values[x].length : sum;
            }
        };
    }

    private static double unary(UnaryKind kind, double x) {
        return switch (kind) {
            case NEG -> -x;
            case ABS -> Math.abs(x);
            case EXP -> Math.exp(x);
            case SQRT -> Math.sqrt(x);
            case RECIPROCAL -> 1 / x;
            case TANH -> Math.tanh(x);
            case SIGMOID -> 1 / (1 + Math.exp(-x));
            default -> throw new AssertionError(kind);
        };
    }

    private static double binary(BinaryKind kind, double a, double b) {
        return switch (kind) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> a / b;
            case MIN -> Math.min(a, b);
            case MAX -> Math.max(a, b);
            default -> throw new AssertionError(kind);
        };
    }
}
