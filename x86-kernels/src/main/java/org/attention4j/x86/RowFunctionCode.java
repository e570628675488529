package org.attention4j.x86;

import static org.attention4j.x86.RowFunctionStack.LANES;
import static org.attention4j.x86.RowFunctionStack.VECTOR;
import static org.attention4j.x86.RowSteps.X;
import static org.attention4j.x86.RowSteps.Y;
import static org.attention4j.x86.asm.Gpr.R12;
import static org.attention4j.x86.asm.Gpr.R14;
import static org.attention4j.x86.asm.Gpr.R15;
import static org.attention4j.x86.asm.Gpr.RAX;
import static org.attention4j.x86.asm.Gpr.RBP;
import static org.attention4j.x86.asm.Gpr.RBX;
import static org.attention4j.x86.asm.Gpr.RCX;
import static org.attention4j.x86.asm.Gpr.RDX;
import static org.attention4j.x86.asm.Gpr.RSI;
import static org.attention4j.x86.asm.Gpr.RSP;

import com.google.common.primitives.ImmutableIntArray;
import java.util.List;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.x86.RowFunction.Input;
import org.attention4j.x86.RowFunction.Step;
import org.attention4j.x86.asm.Assembler;
import org.attention4j.x86.asm.Gpr;
import org.attention4j.x86.asm.Label;
import org.attention4j.x86.asm.Mem;

/**
 * {@code f(task, i)}: the {@code i}th share of rows of a {@link RowFunction}, group by group, and 16 entries at a time. Each step reads
 * its operands from the stack and writes its result there, which is in the nearest cache; sums stay in registers.
 */
final class RowFunctionCode {
    private static final int TAIL_MASK = 1;
    private static final int FIRST_SUM = 20;
    private static final int NOTHING = -1;

    // The frame has the task in RBX and the row in R12. These are bytes: of a row before the group, of a row and of a
    // group before the
    // entries in work, and of a row of numbers of groups.
    private static final Gpr GROUP = R14;
    private static final Gpr IN_ROW = RCX;
    private static final Gpr IN_GROUP = RDX;
    private static final Gpr GROUP_NUMBER = RSI;

    private final Assembler a = new Assembler();
    private final Shares frame = new Shares(a);
    private final Exponential exponential = new Exponential(a, R15);
    private final RowSteps steps = new RowSteps(a, exponential);
    private final RowFunction f;
    private final int numInputs;
    private final RowFunctionStack stack;
    private final ImmutableIntArray stages;

    /** The value that is in X. */
    private int current = NOTHING;

    private RowFunctionCode(RowFunction f) {
        this.f = f;
        this.numInputs = f.inputs().size();
        this.stack = RowFunctionStack.of(f);
        this.stages = f.stages();
    }

    static byte[] of(RowFunction f) {
        return new RowFunctionCode(f).code();
    }

    private byte[] code() {
        frame.begin(RowTask.SHARE, RowTask.ROWS);
        a.mov(RBP, RSP);
        a.sub(RSP, stack.bytes());
        a.and(RSP, -VECTOR);
        exponential.begin();
        steps.begin();
        if (f.group() % LANES != 0) {
            a.mov(RAX, (1 << f.group() % LANES) - 1);
            a.kmovw(TAIL_MASK, RAX);
        }
        numbers();
        frame.each(this::row);
        a.mov(RSP, RBP);
        frame.end();
        exponential.end();
        return a.bytes();
    }

    /** What is the same for all rows and entries. */
    private void numbers() {
        for (int v = 0; v < f.values(); v++) {
            if (v < numInputs && f.inputs().get(v) == Input.NUMBER) {
                a.mov(RAX, RowTask.operand(RBX, v));
                a.vbroadcastss(X, Mem.at(RAX, 0));
                a.vmovups(Mem.at(RSP, stack.offset(v)), X);
            } else if (v >= numInputs && step(v) instanceof Step.Constant(float number)) {
                steps.constant(X, Float.floatToRawIntBits(number));
                a.vmovups(Mem.at(RSP, stack.offset(v)), X);
            }
        }
    }

    private void row() {
        for (int i = 0; i < numInputs; i++) {
            switch (f.inputs().get(i)) {
                case ROWS -> pointer(i, f.size());
                case ROWS_OF_GROUPS -> pointer(i, f.size() / f.group());
                case ENTRIES, GROUPS, ONE_GROUP, NUMBER -> pointer(i, 0);
            }
        }
        for (int i = 0; i < f.outputs().size(); i++) {
            boolean isOfEntries = f.isOfEntries(f.outputs().get(i));
            pointer(numInputs + i, isOfEntries ? f.size() : f.size() / f.group());
        }
        a.mov(GROUP, 0);
        a.mov(GROUP_NUMBER, 0);
        Label group = new Label();
        a.place(group);
        group();
        a.add(GROUP_NUMBER, Float.BYTES);
        a.add(GROUP, f.group() * Float.BYTES);
        a.cmp(GROUP, f.size() * Float.BYTES);
        a.jl(group);
    }

    /** Puts the address of an operand's row on the stack. */
    private void pointer(int operand, int entriesOfRow) {
        a.mov(RAX, entriesOfRow * Float.BYTES);
        a.imul(RAX, R12);
        a.add(RAX, RowTask.operand(RBX, operand));
        a.mov(Mem.at(RSP, operand * Long.BYTES), RAX);
    }

    private void group() {
        for (int i = 0; i < numInputs; i++) {
            if (f.inputs().get(i) == Input.ROWS_OF_GROUPS || f.inputs().get(i) == Input.GROUPS) {
                a.mov(RAX, Mem.at(RSP, i * Long.BYTES));
                a.vbroadcastss(X, Mem.at(RAX, GROUP_NUMBER, 1, 0));
                a.vmovups(Mem.at(RSP, stack.offset(i)), X);
            }
        }
        for (int pass = 0; pass < f.passes(); pass++) {
            current = NOTHING;
            for (int v = numInputs; v < f.values(); v++) {
                boolean isOfGroup = !f.isOfEntries(v) && !(step(v) instanceof Step.Reduce);
                if (isOfGroup && stages.get(v) == pass && !(step(v) instanceof Step.Constant)) {
                    compute(v, false);
                    a.vmovups(Mem.at(RSP, stack.offset(v)), X);
                    storeOfGroup(v);
                }
            }
            pass(pass);
        }
    }

    /** Goes through the group's entries. */
    private void pass(int pass) {
        List<Integer> sums = f.reductionsOf(pass);
        boolean isEmpty = sums.isEmpty();
        for (int v = numInputs; v < f.values() && isEmpty; v++) {
            isEmpty = !(f.isOfEntries(v) && stages.get(v) == pass);
        }
        if (isEmpty) {
            return;
        }
        for (int i = 0; i < sums.size(); i++) {
            a.vpxord(FIRST_SUM + i, FIRST_SUM + i, FIRST_SUM + i);
        }
        a.mov(IN_GROUP, 0);
        a.mov(IN_ROW, GROUP);
        int whole = f.group() / LANES * VECTOR;
        if (whole > 0) {
            Label entries = new Label();
            a.place(entries);
            entries(pass, sums, false);
            a.add(IN_GROUP, VECTOR);
            a.add(IN_ROW, VECTOR);
            a.cmp(IN_GROUP, whole);
            a.jl(entries);
        }
        if (f.group() % LANES != 0) {
            entries(pass, sums, true);
        }
        current = NOTHING;
        for (int i = 0; i < sums.size(); i++) {
            int sum = FIRST_SUM + i;
            Lanes.spread(a, sum, X, (x, y) -> a.vaddps(sum, x, y));
            if (step(sums.get(i)) instanceof Step.Reduce(ReduceKind kind, int x) && kind == ReduceKind.MEAN) {
                steps.constant(X, Float.floatToRawIntBits(1f / f.group()));
                a.vmulps(sum, sum, X);
            }
            a.vmovups(Mem.at(RSP, stack.offset(sums.get(i))), sum);
            a.vpord(X, sum, sum);
            storeOfGroup(sums.get(i));
        }
    }

    /** 16 entries, or the last ones. */
    private void entries(int pass, List<Integer> sums, boolean isTail) {
        current = NOTHING;
        for (int v = numInputs; v < f.values(); v++) {
            if (!f.isOfEntries(v) || stages.get(v) != pass) {
                continue;
            }
            compute(v, isTail);
            a.vmovups(at(v), X);
            int output = f.outputs().indexOf(v);
            if (output >= 0) {
                a.mov(RAX, Mem.at(RSP, (numInputs + output) * Long.BYTES));
                store(Mem.at(RAX, IN_ROW, 1, 0), isTail);
            }
        }
        for (int i = 0; i < sums.size(); i++) {
            int x = step(sums.get(i)).operands().getFirst();
            // Lanes behind the group's end have anything: they don't count.
            load(Y, x, isTail, isTail);
            a.vaddps(FIRST_SUM + i, FIRST_SUM + i, Y);
        }
    }

    /** Computes a step's result into X. */
    private void compute(int v, boolean isTail) {
        Step step = step(v);
        if (step instanceof Step.Binary b) {
            if (b.b() == current && b.a() != current) {
                a.vpord(Y, X, X);
            } else {
                load(Y, b.b(), isTail, false);
            }
        }
        int first = step.operands().getFirst();
        if (first != current) {
            load(X, first, isTail, false);
        }
        switch (step) {
            case Step.Unary u -> steps.unary(u.kind());
            case Step.Binary b -> steps.binary(b.kind());
            case Step.Constant c -> throw new IllegalStateException("row function: a number is no step");
            case Step.Reduce r -> throw new IllegalStateException("row function: a sum is no step of one entry");
        }
        current = v;
    }

    /** @param onlyGroup whether lanes behind the group's end must be 0 */
    private void load(int register, int value, boolean isTail, boolean onlyGroup) {
        boolean isInput = value < numInputs && f.isOfEntries(value);
        Mem from;
        if (isInput) {
            a.mov(RAX, Mem.at(RSP, value * Long.BYTES));
            from = Mem.at(RAX, f.inputs().get(value) == Input.ONE_GROUP ? IN_GROUP : IN_ROW, 1, 0);
        } else {
            from = at(value);
        }
        if (onlyGroup || (isInput && isTail)) {
            a.vmovupsMasked(register, from, TAIL_MASK);
        } else {
            a.vmovups(register, from);
        }
    }

    private void store(Mem to, boolean isTail) {
        if (isTail) {
            a.vmovupsMasked(to, X, TAIL_MASK);
        } else {
            a.vmovups(to, X);
        }
    }

    /** Writes X, which is the same in all lanes, to the output that is this value, if one is. */
    private void storeOfGroup(int v) {
        int output = f.outputs().indexOf(v);
        if (output >= 0) {
            a.mov(RAX, Mem.at(RSP, (numInputs + output) * Long.BYTES));
            a.vmovd(Mem.at(RAX, GROUP_NUMBER, 1, 0), X);
        }
    }

    private Mem at(int value) {
        int offset = stack.offset(value);
        return stack.isKept(value) ? Mem.at(RSP, IN_GROUP, 1, offset) : Mem.at(RSP, offset);
    }

    private Step step(int value) {
        return f.steps().get(value - numInputs);
    }
}
