package org.attention4j.core.mixer.rwkv;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.state.Slot;
import org.attention4j.core.tensor.DType;

/**
 * The token before each token.
 *
 * <p>Inputs: {@code state F32[batch, hidden]}, the last token of the run before; {@code x F32[batch, seq, hidden]}; {@code lengths
 * I64[batch]} (how many of the tokens are no padding) if {@code padded}. Results: {@code x_{t−1}}, of x's type, and the last token.
 *
 * @param padded whether there are lengths
 */
public record TokenShift(boolean padded) implements CompositeOp {
    /** The state of a shift. */
    static Slot slot(int hiddenSize) {
        return Slot.recurrent("shift", TensorType.of(DType.F32, Dims.BATCH, Dim.of(hiddenSize)));
    }

    /** Appends a shift: the tokens before, and the next state. */
    static List<Value> append(MixContext c, Value state, Value x) {
        List<Value> in = new ArrayList<>(List.of(state, x));
        boolean padded = c.lengths().map(in::add).orElse(false);
        return c.builder().call(new TokenShift(padded), in);
    }

    @Override
    public String name() {
        return "token_shift";
    }

    @Override
    public List<String> inputNames() {
        return padded ? ImmutableList.of("state", "x", "lengths") : ImmutableList.of("state", "x");
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        InputTypes in = InputTypes.of(this, inputs);
        TensorType x = in.activation("x", 3);
        in.require(x.rank() == 3, "x", "F32[batch, seq, hidden]");
        if (padded) {
            in.exactly("lengths", DType.I64, x.dim(0));
        }
        return ImmutableList.of(x, in.exactly("state", DType.F32, x.dim(0), x.dim(2)));
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> in) {
        Value x = in.get(1);
        Dim seq = x.type().dim(1);
        Value all = b.concat(1, b.unsqueeze(in.get(0), 1), x);
        Value before = b.gather(all, b.iota(seq), 1);
        if (!padded) {
            return ImmutableList.of(before, b.gather(all, b.sizeOf(seq), 1));
        }
        List<Dim> row = List.of(x.type().dim(0), Dim.of(1), x.type().dim(2));
        Value index = b.broadcast(b.reshape(in.get(2), x.type().dim(0), Dim.of(1), Dim.of(1)), row);
        Value last = b.gatherElements(all, index, 1);
        return ImmutableList.of(before, b.reshape(last, in.get(0).type().dims()));
    }
}
