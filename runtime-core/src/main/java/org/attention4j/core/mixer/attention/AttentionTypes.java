package org.attention4j.core.mixer.attention;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.tensor.DType;

/** Checks of the types that attention is given. */
final class AttentionTypes {
    private AttentionTypes() {}

    /** Requires {@code F32} of these dims. */
    static void require(String op, String input, TensorType actual, Dim... dims) {
        requireType(op, input, actual, TensorType.of(DType.F32, dims));
    }

    static void requireType(String op, String input, TensorType actual, TensorType expected) {
        if (!actual.equals(expected)) {
            throw new IllegalArgumentException("%s: %s is %s, expected %s".formatted(op, input, actual, expected));
        }
    }

    /** Requires that the further inputs, which follow the leading ones, have the types that {@link AttentionInput} says. */
    static void requireExtras(CompositeOp op, AttentionSpec spec, List<TensorType> in, Dim batch, Dim seq, Dim keys) {
        for (AttentionInput extra : AttentionInput.values()) {
            int i = op.inputNames().indexOf(extra.inputName());
            if (i < 0) {
                continue;
            }
            TensorType actual = in.get(i);
            Dim heads = Dim.of(spec.numHeads());
            switch (extra) {
                case QUERY_POSITIONS -> requirePositions(op, extra, actual, batch, seq);
                case KEY_POSITIONS -> requirePositions(op, extra, actual, batch, keys);
                case LENGTHS -> requireType(op.name(), extra.inputName(), actual, TensorType.of(DType.I64, batch));
                case BIAS, PAST_BIAS -> requireBroadcast(op, extra, actual, DType.F32, batch, heads, seq);
                case MASK -> requireBroadcast(op, extra, actual, DType.BOOL, batch, heads, seq);
                case ALIBI_SLOPES, SINK_LOGITS -> require(op.name(), extra.inputName(), actual, heads);
                case SINK_QUERY ->
                    require(op.name(), extra.inputName(), actual, batch, seq, heads, Dim.of(spec.headDim()));
            }
        }
    }

    private static void requirePositions(CompositeOp op, AttentionInput extra, TensorType actual, Dim batch, Dim n) {
        boolean shared = actual.equals(TensorType.of(DType.I64, Dim.of(1), n));
        if (!shared) {
            requireType(op.name(), extra.inputName(), actual, TensorType.of(DType.I64, batch, n));
        }
    }

    private static void requireBroadcast(
            CompositeOp op, AttentionInput extra, TensorType actual, DType dtype, Dim batch, Dim heads, Dim seq) {
        List<Dim> leading = ImmutableList.of(batch, heads, seq);
        boolean fits = actual.dtype() == dtype && actual.rank() >= 1 && actual.rank() <= 4;
        for (int i = 2; fits && i <= actual.rank(); i++) {
            Dim d = actual.dim(-i);
            fits = d.equals(Dim.of(1)) || d.equals(leading.get(4 - i));
        }
        if (!fits) {
            throw new IllegalArgumentException("%s: %s is %s, expected %s that broadcasts to [%s, %s, %s, keys]"
                    .formatted(op.name(), extra.inputName(), actual, dtype, batch, heads, seq));
        }
    }
}
