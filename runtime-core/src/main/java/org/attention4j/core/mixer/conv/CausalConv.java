package org.attention4j.core.mixer.conv;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.MixedValues;
import org.attention4j.core.mixer.ValueMixing;
import org.attention4j.core.state.Slot;
import org.attention4j.core.tensor.DType;

/**
 * This package's convolution.
 *
 * <p>Inputs: {@code state F32[batch, kernel − 1, channels]}, the last inputs, oldest first; {@code x F32[batch, seq, channels]};
 * {@code weight [channels, kernel]}; {@code bias [channels]} and {@code lengths I64[batch]} (how many of the tokens are no
 * padding), where the op has them. Results: y, of x's type, and the next state.
 *
 * @param hasBias whether there is a bias
 * @param padded whether there are lengths
 */
public record CausalConv(boolean hasBias, boolean padded) implements ValueMixing {
    /** The state of a convolution. */
    public static Slot slot(String name, int kernel, int channels) {
        return Slot.recurrent(name, TensorType.of(DType.F32, Dims.BATCH, Dim.of(kernel - 1L), Dim.of(channels)));
    }

    /**
     * Appends a convolution with the parameters {@code name.weight [channels, 1, kernel]} and, if there is one, {@code
     * name.bias}.
     *
     * @return y and the next state
     */
    public static List<Value> append(MixContext c, String name, Value state, Value x) {
        GraphBuilder b = c.builder();
        Value weight = c.parameters().get(name + ".weight");
        List<Value> in = new ArrayList<>(List.of(state, x));
        in.add(b.reshape(weight, weight.type().dim(0), weight.type().dim(-1)));
        boolean hasBias = c.parameters().find(name + ".bias").map(in::add).orElse(false);
        boolean padded = c.lengths().map(in::add).orElse(false);
        return b.call(new CausalConv(hasBias, padded), in);
    }

    @Override
    public String name() {
        return "causal_conv";
    }

    @Override
    public List<String> inputNames() {
        ImmutableList.Builder<String> names = ImmutableList.<String>builder().add("state", "x", "weight");
        if (hasBias) {
            names.add("bias");
        }
        if (padded) {
            names.add("lengths");
        }
        return names.build();
    }

    @Override
    public Optional<MixedValues> mixedValues() {
        return Optional.of(new MixedValues("x", 1, MixedValues.Mixing.BY_CHANNEL, false));
    }

    @Override
    public boolean isPreparation() {
        return true;
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        InputTypes in = InputTypes.of(this, inputs);
        TensorType x = in.activation("x", 3);
        in.require(x.rank() == 3, "x", "F32[batch, seq, channels]");
        TensorType weight = in.get("weight");
        boolean fits = weight.rank() == 2
                && weight.dtype().isFloat()
                && weight.dim(0).equals(x.dim(2))
                && weight.dim(1).isFixed();
        in.require(fits, "weight", "dims [%s, kernel] of a float dtype".formatted(x.dim(2)));
        Dim past = Dim.of(weight.fixedDim(1) - 1);
        TensorType state = in.exactly("state", DType.F32, x.dim(0), past, x.dim(2));
        if (hasBias) {
            in.vector("bias", x.dim(2));
        }
        if (padded) {
            in.exactly("lengths", DType.I64, x.dim(0));
        }
        return ImmutableList.of(x, state);
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> in) {
        Value state = in.get(0);
        Value x = in.get(1);
        Value weight = b.toF32(in.get(2));
        int kernel = (int) weight.type().fixedDim(1);
        Dim seq = x.type().dim(1);
        Value all = b.concat(1, state, x);
        Value token = b.iota(seq);
        List<Value> terms = new ArrayList<>();
        for (int j = 0; j < kernel; j++) {
            Value seen = j == kernel - 1 ? x : b.gather(all, b.add(token, j), 1);
            Value tap = b.reshape(b.slice(weight, 1, j, j + 1L), weight.type().dim(0));
            terms.add(b.mul(seen, tap));
        }
        Value y = terms.stream().reduce(b::add).orElseThrow();
        if (hasBias) {
            y = b.add(y, b.toF32(in.get(3)));
        }
        return ImmutableList.of(y, kernel == 1 ? state : last(b, all, in, state));
    }

    /** The rows before the end of each sequence. */
    private Value last(GraphBuilder b, Value all, List<Value> in, Value state) {
        Value row = b.iota(state.type().dim(1));
        if (!padded) {
            return b.gather(all, b.add(row, b.sizeOf(in.get(1).type().dim(1))), 1);
        }
        Value rows = b.add(b.unsqueeze(row, 0), b.unsqueeze(in.getLast(), 1));
        return b.gatherElements(
                all, b.broadcast(b.unsqueeze(rows, -1), state.type().dims()), 1);
    }
}
