package org.attention4j.x86;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;

/**
 * What is computed of each row of some matrices, entry by entry, with sums over groups of neighbours: activations, gates, norms, mixes
 * of two tokens. Values are numbered: the inputs first, then the steps' results. A value is either of each entry, or of each group.
 *
 * @param size entries of a row
 * @param group entries of a group, which divides {@code size}
 * @param inputs where each lies
 * @param steps in an order in which they can be computed
 * @param outputs numbers of those steps whose results are wanted: {@code F32[rows, size]}, or {@code F32[rows, size / group]}
 */
public record RowFunction(int size, int group, List<Input> inputs, List<Step> steps, List<Integer> outputs) {
    /** So many sums may be under way at once. */
    public static final int MOST_REDUCTIONS = 8;

    private static final int MOST_STACK_BYTES = 1 << 17;

    /** What an input has for each entry. */
    public enum Input {
        /** {@code F32[rows, size]}. */
        ROWS,
        /** {@code F32[rows, size / group]}: one for all entries of a group. */
        ROWS_OF_GROUPS,
        /** {@code F32[size]}: the same for all rows. */
        ENTRIES,
        /** {@code F32[size / group]}: the same for all rows and for all entries of a group. */
        GROUPS,
        /** {@code F32[group]}: the same for all rows and groups. */
        ONE_GROUP,
        /** {@code F32[1]}. */
        NUMBER;

        /** Whether entries of a group differ. */
        boolean isOfEntries() {
            return this == ROWS || this == ENTRIES || this == ONE_GROUP;
        }
    }

    /** One operation on numbered values. */
    public sealed interface Step {
        /** A number. */
        record Constant(float value) implements Step {}

        /** A function of one value: none but those of {@link #supports(UnaryKind)}. */
        record Unary(UnaryKind kind, int x) implements Step {}

        /** A function of two values: none but those of {@link #supports(BinaryKind)}. */
        record Binary(BinaryKind kind, int a, int b) implements Step {}

        /** A sum or a mean over each group. */
        record Reduce(ReduceKind kind, int x) implements Step {}

        /** The same of other numbers. */
        default Step renumbered(IntUnaryOperator number) {
            return switch (this) {
                case Constant c -> c;
                case Unary u -> new Unary(u.kind, number.applyAsInt(u.x));
                case Binary b -> new Binary(b.kind, number.applyAsInt(b.a), number.applyAsInt(b.b));
                case Reduce r -> new Reduce(r.kind, number.applyAsInt(r.x));
            };
        }

        /** The numbers that it reads. */
        default List<Integer> operands() {
            return switch (this) {
                case Constant c -> List.of();
                case Unary u -> List.of(u.x);
                case Binary b -> List.of(b.a, b.b);
                case Reduce r -> List.of(r.x);
            };
        }
    }

    /** @throws IllegalArgumentException if it can't be computed, saying why */
    public RowFunction {
        inputs = ImmutableList.copyOf(inputs);
        steps = ImmutableList.copyOf(steps);
        outputs = ImmutableList.copyOf(outputs);
        if (size < 1 || group < 1 || size % group != 0) {
            throw new IllegalArgumentException(
                    "row function: groups of %d in rows of %d entries, expected a divisor".formatted(group, size));
        }
        for (int i = 0; i < steps.size(); i++) {
            int number = inputs.size() + i;
            for (int operand : steps.get(i).operands()) {
                if (operand < 0 || operand >= number) {
                    throw new IllegalArgumentException("row function: step %d reads value %d, expected one below %d"
                            .formatted(i, operand, number));
                }
            }
        }
        for (int output : outputs) {
            if (output < inputs.size() || output >= inputs.size() + steps.size()) {
                throw new IllegalArgumentException("row function: output %d is not among %d steps after %d inputs"
                        .formatted(output, steps.size(), inputs.size()));
            }
        }
    }

    /** Whether there is code for it. */
    public static boolean supports(UnaryKind kind) {
        return switch (kind) {
            case NEG, ABS, EXP, SQRT, RECIPROCAL, TANH, SIGMOID -> true;
            case LOG, SIN, COS, ERF, FLOOR, NOT -> false;
        };
    }

    /** Whether there is code for it. */
    public static boolean supports(BinaryKind kind) {
        return switch (kind) {
            case ADD, SUB, MUL, DIV, MIN, MAX -> true;
            case MOD, POW, EQUAL, LESS, LESS_EQUAL, AND, OR -> false;
        };
    }

    /** Whether there is code for it. */
    public static boolean supports(ReduceKind kind) {
        return kind == ReduceKind.SUM || kind == ReduceKind.MEAN;
    }

    /** Whether code for it has room on the stack, and registers for its sums. */
    public boolean fits() {
        for (int pass = 0; pass < passes(); pass++) {
            if (reductionsOf(pass).size() > MOST_REDUCTIONS) {
                return false;
            }
        }
        return RowFunctionStack.of(this).bytes() <= MOST_STACK_BYTES;
    }

    /** How many values there are. */
    int values() {
        return inputs.size() + steps.size();
    }

    /** Whether a value is of each entry, and not of each group. */
    public boolean isOfEntries(int value) {
        if (value < inputs.size()) {
            return inputs.get(value).isOfEntries();
        }
        Step step = steps.get(value - inputs.size());
        return !(step instanceof Step.Reduce) && step.operands().stream().anyMatch(this::isOfEntries);
    }

    /** Of each value, in which pass over a group it is computed: what needs a sum of a pass comes in the next one. */
    ImmutableIntArray stages() {
        int[] stages = new int[values()];
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            int latest = step.operands().stream().mapToInt(o -> stages[o]).max().orElse(0);
            stages[inputs.size() + i] = step instanceof Step.Reduce ? latest + 1 : latest;
        }
        return ImmutableIntArray.copyOf(stages);
    }

    /** The number of passes. */
    int passes() {
        return stages().stream().max().orElse(0) + 1;
    }

    /** The numbers of the values that are sums of a pass. */
    List<Integer> reductionsOf(int pass) {
        ImmutableIntArray stages = stages();
        return IntStream.range(inputs.size(), values())
                .filter(v -> steps.get(v - inputs.size()) instanceof Step.Reduce && stages.get(v) == pass + 1)
                .boxed()
                .toList();
    }
}
