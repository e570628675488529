package org.attention4j.core.mixer.linearattention;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.conv.CausalConv;
import org.attention4j.core.mlp.Activate;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.norm.L2Norm;
import org.attention4j.core.norm.RmsNorm;
import org.attention4j.core.state.Slot;
import org.attention4j.core.state.StateSpec;
import org.attention4j.core.tensor.DType;

/**
 * Gated DeltaNet (Yang, Kautz, Hatamizadeh 2024, arXiv:2412.06464, eq. 10 and figure 1) as Qwen3-Next has it: value heads in groups
 * that share a key head, {@code out_proj(norm(y) ⊙ silu(z))}. Parameters: {@code qkv_proj.weight [2·keyHeads·keyDim +
 * valueHeads·valueDim, hidden]}, {@code z_proj.weight [valueHeads·valueDim, hidden]}, {@code b_proj} and {@code a_proj.weight
 * [valueHeads, hidden]}, {@code conv1d.weight [2·keyHeads·keyDim + valueHeads·valueDim, 1, kernel]}, {@code A} (negative) and {@code
 * dt_bias [valueHeads]}, {@code norm.weight [valueDim]}, {@code out_proj.weight [hidden, valueHeads·valueDim]}. State: {@code conv
 * [batch, kernel − 1, channels]} and {@code memory [batch, valueHeads, keyDim, valueDim]}.
 */
public final class GatedDeltaNetMixer implements SequenceMixer {
    private static final double L2_EPS = 1e-6;

    private final Sizes sizes;

    /**
     * The sizes of a layer.
     *
     * @param hidden entries of a hidden state
     * @param keyHeads heads of queries and keys
     * @param valueHeads heads of values, a multiple of them
     * @param keyDim entries of a key
     * @param valueDim entries of a value
     * @param kernel taps of the convolution
     * @param eps of the norm
     */
    public record Sizes(int hidden, int keyHeads, int valueHeads, int keyDim, int valueDim, int kernel, double eps) {
        public Sizes {
            if (keyHeads < 1 || valueHeads % keyHeads != 0) {
                throw new IllegalArgumentException("gated_delta_net: valueHeads %d is not a multiple of keyHeads %d"
                        .formatted(valueHeads, keyHeads));
            }
        }

        /** Entries of all keys. */
        public int keys() {
            return keyHeads * keyDim;
        }

        /** Entries of all values. */
        public int values() {
            return valueHeads * valueDim;
        }

        /** Channels of the convolution. */
        public int channels() {
            return 2 * keys() + values();
        }
    }

    /** A mixer of these sizes. */
    public GatedDeltaNetMixer(Sizes sizes) {
        this.sizes = sizes;
    }

    @Override
    public String name() {
        return "gated_delta_net";
    }

    @Override
    public String describe() {
        return "%d heads of %d×%d, %d key heads, conv %d"
                .formatted(sizes.valueHeads, sizes.keyDim, sizes.valueDim, sizes.keyHeads, sizes.kernel);
    }

    @Override
    public StateSpec state() {
        TensorType memory = TensorType.of(
                DType.F32, Dims.BATCH, Dim.of(sizes.valueHeads), Dim.of(sizes.keyDim), Dim.of(sizes.valueDim));
        return new StateSpec.Recurrent(ImmutableList.of(
                CausalConv.slot("conv", sizes.kernel, sizes.channels()), Slot.recurrent("memory", memory)));
    }

    @Override
    public List<Form> forms() {
        return ImmutableList.of(Form.RECURRENT, Form.CHUNKED);
    }

    @Override
    public List<ParameterSpec> parameters() {
        return ImmutableList.of(
                ParameterSpec.of("qkv_proj.weight", sizes.channels(), sizes.hidden),
                ParameterSpec.of("z_proj.weight", sizes.values(), sizes.hidden),
                ParameterSpec.of("b_proj.weight", sizes.valueHeads, sizes.hidden),
                ParameterSpec.of("a_proj.weight", sizes.valueHeads, sizes.hidden),
                ParameterSpec.of("conv1d.weight", sizes.channels(), 1, sizes.kernel),
                ParameterSpec.of("A", sizes.valueHeads),
                ParameterSpec.of("dt_bias", sizes.valueHeads),
                ParameterSpec.of("norm.weight", sizes.valueDim),
                ParameterSpec.of("out_proj.weight", sizes.hidden, sizes.values()));
    }

    @Override
    public Mixed mix(MixContext c, Form form, Value x, List<Value> state) {
        GraphBuilder b = c.builder();
        List<Value> conv = CausalConv.append(c, "conv1d", state.get(0), c.linear("qkv_proj", x));
        Activate silu = new Activate(Activation.SILU);
        Value qkv = b.apply(silu, conv.get(0));
        long keys = sizes.keys();
        Value q = perValueHead(b, b.slice(qkv, -1, 0, keys));
        Value k = c.unlessPadding(perValueHead(b, b.slice(qkv, -1, keys, 2 * keys)), 0);
        Value v = heads(b, b.slice(qkv, -1, 2 * keys, 2 * keys + sizes.values()), sizes.valueHeads, sizes.valueDim);

        Value beta = b.unsqueeze(b.unary(UnaryKind.SIGMOID, c.linear("b_proj", x)), -1);
        Value shifted = b.add(c.linear("a_proj", x), b.toF32(c.parameters().get("dt_bias")));
        Value rate = b.apply(new Activate(Activation.SOFTPLUS), shifted);
        Value decay = c.unlessPadding(b.mul(rate, b.toF32(c.parameters().get("A"))), 0);
        Value written = b.mul(beta, k);
        Value removed = b.unary(UnaryKind.NEG, b.mul(written, b.unsqueeze(b.unary(UnaryKind.EXP, decay), -1)));
        LinearRecurrence recurrence = LinearRecurrence.of(Decay.HEAD, true, false, 1 / Math.sqrt(sizes.keyDim));
        List<Value> in = List.of(state.get(1), q, written, v, decay, removed, k);
        List<Value> out = form == Form.CHUNKED ? recurrence.chunks(b, in) : b.call(recurrence, in);

        Value normed =
                b.apply(new RmsNorm(sizes.eps, 0), out.get(0), c.parameters().get("norm.weight"));
        Value z = c.linear("z_proj", x);
        Value y = b.mul(b.reshape(normed, z.type().dims()), b.apply(silu, z));
        return new Mixed(c.linear("out_proj", y), List.of(conv.get(1), out.get(1)));
    }

    private static Value heads(GraphBuilder b, Value x, long heads, long dim) {
        return b.reshape(x, x.type().dim(0), x.type().dim(1), Dim.of(heads), Dim.of(dim));
    }

    /** Normalised heads of keys, each for all value heads of its group. */
    private Value perValueHead(GraphBuilder b, Value x) {
        Value normed = b.apply(new L2Norm(L2_EPS), heads(b, x, sizes.keyHeads, sizes.keyDim));
        Dim each = Dim.of(sizes.valueHeads / sizes.keyHeads);
        List<Dim> dims = List.of(x.type().dim(0), x.type().dim(1), Dim.of(sizes.keyHeads), each, Dim.of(sizes.keyDim));
        Value repeated = b.broadcast(b.unsqueeze(normed, 3), dims);
        return b.reshape(repeated, x.type().dim(0), x.type().dim(1), Dim.of(sizes.valueHeads), Dim.of(sizes.keyDim));
    }
}
