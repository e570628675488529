package org.attention4j.x86;

import com.google.common.primitives.ImmutableIntArray;
import java.util.BitSet;

/**
 * Where a {@link RowFunction}'s values lie on the stack of its code: pointers to operands, then, in the values' order, one vector for
 * what all entries of a group share, in all its lanes, and for 16 entries of what one pass computes and needs; all of a group's
 * entries for what later passes need too.
 */
final class RowFunctionStack {
    static final int LANES = 16;
    static final int VECTOR = LANES * Float.BYTES;

    private final ImmutableIntArray offsets;
    private final BitSet kept;
    private final int bytes;

    private RowFunctionStack(ImmutableIntArray offsets, BitSet kept, int bytes) {
        this.offsets = offsets;
        this.kept = kept;
        this.bytes = bytes;
    }

    static RowFunctionStack of(RowFunction f) {
        int numInputs = f.inputs().size();
        BitSet kept = keptBetweenPasses(f);
        ImmutableIntArray.Builder offsets = ImmutableIntArray.builder();
        int next = VECTOR * Math.ceilDiv((numInputs + f.outputs().size()) * Long.BYTES, VECTOR);
        for (int v = 0; v < f.values(); v++) {
            offsets.add(next);
            boolean isElsewhere = v < numInputs && f.isOfEntries(v);
            next += isElsewhere ? 0 : kept.get(v) ? VECTOR * Math.ceilDiv(f.group(), LANES) : VECTOR;
        }
        return new RowFunctionStack(offsets.build(), kept, next);
    }

    private static BitSet keptBetweenPasses(RowFunction f) {
        int numInputs = f.inputs().size();
        ImmutableIntArray stages = f.stages();
        BitSet kept = new BitSet();
        for (int i = 0; i < f.steps().size(); i++) {
            RowFunction.Step step = f.steps().get(i);
            int pass = stages.get(numInputs + i) - (step instanceof RowFunction.Step.Reduce ? 1 : 0);
            for (int operand : step.operands()) {
                if (operand >= numInputs && f.isOfEntries(operand) && stages.get(operand) < pass) {
                    kept.set(operand);
                }
            }
        }
        return kept;
    }

    /** Where a value lies; inputs of entries lie elsewhere. */
    int offset(int value) {
        return offsets.get(value);
    }

    /** Whether all of a group's entries of a value are there, and not only those in work. */
    boolean isKept(int value) {
        return kept.get(value);
    }

    /** All of it. */
    int bytes() {
        return bytes;
    }
}
