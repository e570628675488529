package org.attention4j.core.mixer.rwkv;

import com.google.common.collect.ImmutableList;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.state.Slot;
import org.attention4j.core.state.StateSpec;
import org.attention4j.core.tensor.DType;

/**
 * The sizes of a time mixing with heads: RWKV-5, 6 and 7.
 *
 * @param hiddenSize entries of a hidden state
 * @param numHeads heads; each has hiddenSize / numHeads entries
 * @param normEps added to the variance by the norm of the heads
 */
public record TimeMixConfig(int hiddenSize, int numHeads, double normEps) {
    public TimeMixConfig {
        if (numHeads < 1 || hiddenSize % numHeads != 0) {
            throw new IllegalArgumentException(
                    "rwkv: hiddenSize %d is not a multiple of numHeads %d".formatted(hiddenSize, numHeads));
        }
    }

    /** Entries of a head. */
    public int headDim() {
        return hiddenSize / numHeads;
    }

    String describe() {
        return "%d heads of %d".formatted(numHeads, headDim());
    }

    /** {@code shift [batch, hidden]} and {@code wkv [batch, heads, headDim (key), headDim (value)]}. */
    StateSpec state() {
        TensorType wkv = TensorType.of(DType.F32, Dims.BATCH, Dim.of(numHeads), Dim.of(headDim()), Dim.of(headDim()));
        return new StateSpec.Recurrent(ImmutableList.of(TokenShift.slot(hiddenSize), Slot.recurrent("wkv", wkv)));
    }
}
