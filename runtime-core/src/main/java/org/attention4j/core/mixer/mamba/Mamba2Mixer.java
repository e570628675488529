package org.attention4j.core.mixer.mamba;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.conv.CausalConv;
import org.attention4j.core.mixer.linearattention.Decay;
import org.attention4j.core.mixer.linearattention.LinearRecurrence;
import org.attention4j.core.mlp.Activate;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.norm.GatedRmsNorm;
import org.attention4j.core.state.Slot;
import org.attention4j.core.state.StateSpec;
import org.attention4j.core.tensor.DType;

/**
 * Mamba-2 as a layer. Parameters: {@code in_proj.weight [2·inner + 2GN + heads, hidden]}, {@code conv1d.weight [inner + 2GN, 1,
 * kernel]}, {@code dt_bias}, {@code A} (negative) and {@code D [heads]}, {@code norm.weight [inner]}, {@code out_proj.weight
 * [hidden, inner]}, and biases where a model has them. State: {@code conv [batch, kernel − 1, inner + 2GN]} and {@code ssm [batch,
 * heads, N, P]}.
 */
public final class Mamba2Mixer implements SequenceMixer {
    private final Mamba2Config config;

    /** A mixer of this configuration. */
    public Mamba2Mixer(Mamba2Config config) {
        this.config = config;
    }

    @Override
    public String name() {
        return "mamba2";
    }

    @Override
    public String describe() {
        return "%d heads of %d, state %d, groups %d, conv %d"
                .formatted(
                        config.numHeads(), config.headDim(), config.stateSize(), config.numGroups(), config.kernel());
    }

    @Override
    public StateSpec state() {
        TensorType ssm = TensorType.of(
                DType.F32, Dims.BATCH, Dim.of(config.numHeads()), Dim.of(config.stateSize()), Dim.of(config.headDim()));
        return new StateSpec.Recurrent(ImmutableList.of(
                CausalConv.slot("conv", config.kernel(), config.convSize()), Slot.recurrent("ssm", ssm)));
    }

    @Override
    public List<Form> forms() {
        return ImmutableList.of(Form.RECURRENT, Form.CHUNKED);
    }

    @Override
    public List<ParameterSpec> parameters() {
        long inner = config.innerSize();
        long heads = config.numHeads();
        return ImmutableList.of(
                ParameterSpec.of("in_proj.weight", inner + config.convSize() + heads, config.hiddenSize()),
                ParameterSpec.of("conv1d.weight", config.convSize(), 1, config.kernel()),
                ParameterSpec.of("dt_bias", heads),
                ParameterSpec.of("A", heads),
                ParameterSpec.of("D", heads),
                ParameterSpec.of("norm.weight", inner),
                ParameterSpec.of("out_proj.weight", config.hiddenSize(), inner));
    }

    @Override
    public Mixed mix(MixContext c, Form form, Value x, List<Value> state) {
        GraphBuilder b = c.builder();
        long inner = config.innerSize();
        long conv = config.convSize();
        Value projected = c.linear("in_proj", x);
        Value z = b.slice(projected, -1, 0, inner);
        List<Value> convolved =
                CausalConv.append(c, "conv1d", state.get(0), b.slice(projected, -1, inner, inner + conv));
        Value xbc = b.apply(new Activate(Activation.SILU), convolved.get(0));
        Value timeStep = b.slice(projected, -1, inner + conv, inner + conv + config.numHeads());
        Value delta = c.unlessPadding(delta(c, timeStep), 0);

        Value channels = heads(b, b.slice(xbc, -1, 0, inner), config.numHeads(), config.headDim());
        long groups = (long) config.numGroups() * config.stateSize();
        Value in = perHead(b, b.slice(xbc, -1, inner, inner + groups));
        Value out = perHead(b, b.slice(xbc, -1, inner + groups, inner + 2 * groups));
        Value logDecay = b.mul(delta, b.toF32(c.parameters().get("A")));
        Value value = b.mul(channels, b.unsqueeze(delta, -1));
        LinearRecurrence recurrence = LinearRecurrence.of(Decay.HEAD, false, false, 1);
        List<Value> operands = List.of(state.get(1), out, in, value, logDecay);
        List<Value> run = form == Form.CHUNKED ? recurrence.chunks(b, operands) : b.call(recurrence, operands);

        Value skip = b.mul(channels, b.unsqueeze(b.toF32(c.parameters().get("D")), -1));
        Value y = b.reshape(b.add(run.get(0), skip), z.type().dims());
        GatedRmsNorm norm = new GatedRmsNorm(config.eps(), inner / config.normGroups());
        Value normed = b.apply(norm, y, z, c.parameters().get("norm.weight"));
        return new Mixed(c.linear("out_proj", normed), List.of(convolved.get(1), run.get(1)));
    }

    private Value delta(MixContext c, Value timeStep) {
        GraphBuilder b = c.builder();
        Value shifted = b.add(timeStep, b.toF32(c.parameters().get("dt_bias")));
        Value delta = b.apply(new Activate(Activation.SOFTPLUS), shifted);
        if (config.leastTimeStep() > 0) {
            delta = b.binary(BinaryKind.MAX, delta, b.scalar(DType.F32, config.leastTimeStep()));
        }
        if (Double.isFinite(config.mostTimeStep())) {
            delta = b.binary(BinaryKind.MIN, delta, b.scalar(DType.F32, config.mostTimeStep()));
        }
        return delta;
    }

    private static Value heads(GraphBuilder b, Value x, long heads, long dim) {
        return b.reshape(x, x.type().dim(0), x.type().dim(1), Dim.of(heads), Dim.of(dim));
    }

    /** {@code [batch, seq, G·N]} as {@code [batch, seq, heads, N]}: heads of a group, which follow each other, share its part. */
    private Value perHead(GraphBuilder b, Value x) {
        Dim batch = x.type().dim(0);
        Dim seq = x.type().dim(1);
        Dim groups = Dim.of(config.numGroups());
        Dim size = Dim.of(config.stateSize());
        Dim each = Dim.of(config.numHeads() / config.numGroups());
        Value grouped = b.reshape(x, batch, seq, groups, Dim.of(1), size);
        Value repeated = b.broadcast(grouped, List.of(batch, seq, groups, each, size));
        return b.reshape(repeated, batch, seq, Dim.of(config.numHeads()), size);
    }
}
