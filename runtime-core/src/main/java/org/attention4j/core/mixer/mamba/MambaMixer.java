package org.attention4j.core.mixer.mamba;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.conv.CausalConv;
import org.attention4j.core.mlp.Activate;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.norm.RmsNorm;
import org.attention4j.core.state.Slot;
import org.attention4j.core.state.StateSpec;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * Mamba-1 as a layer. Parameters: {@code in_proj.weight [2·inner, hidden]}, {@code conv1d.weight [inner, 1, kernel]}, {@code
 * x_proj.weight [rank + 2N, inner]}, {@code dt_proj.weight [inner, rank]}, {@code dt_proj.bias [inner]}, {@code A [inner, N]}
 * (negative), {@code D [inner]}, {@code out_proj.weight [hidden, inner]}; biases of the others, and the norms' weights, where a model
 * has them. State: {@code conv [batch, kernel − 1, inner]} and {@code ssm [batch, inner, N]}.
 */
public final class MambaMixer implements SequenceMixer {
    private final MambaConfig config;

    /** A mixer of this configuration. */
    public MambaMixer(MambaConfig config) {
        this.config = config;
    }

    @Override
    public String name() {
        return "mamba";
    }

    @Override
    public String describe() {
        return "%d channels, state %d, conv %d".formatted(config.innerSize(), config.stateSize(), config.kernel());
    }

    @Override
    public StateSpec state() {
        TensorType ssm = TensorType.of(DType.F32, Dims.BATCH, Dim.of(config.innerSize()), Dim.of(config.stateSize()));
        return new StateSpec.Recurrent(ImmutableList.of(
                CausalConv.slot("conv", config.kernel(), config.innerSize()), Slot.recurrent("ssm", ssm)));
    }

    @Override
    public List<Form> forms() {
        return ImmutableList.of(Form.RECURRENT);
    }

    @Override
    public List<ParameterSpec> parameters() {
        int inner = config.innerSize();
        int rank = config.timeStepRank();
        int n = config.stateSize();
        ImmutableList.Builder<ParameterSpec> all = ImmutableList.<ParameterSpec>builder()
                .add(
                        ParameterSpec.of("in_proj.weight", 2L * inner, config.hiddenSize()),
                        ParameterSpec.of("conv1d.weight", inner, 1, config.kernel()),
                        ParameterSpec.of("x_proj.weight", rank + 2L * n, inner),
                        ParameterSpec.of("dt_proj.weight", inner, rank),
                        ParameterSpec.of("dt_proj.bias", inner),
                        ParameterSpec.of("A", inner, n),
                        ParameterSpec.of("D", inner),
                        ParameterSpec.of("out_proj.weight", config.hiddenSize(), inner));
        if (config.normWeights()) {
            all.add(
                    ParameterSpec.of("dt_layernorm.weight", rank),
                    ParameterSpec.of("b_layernorm.weight", n),
                    ParameterSpec.of("c_layernorm.weight", n));
        }
        return all.build();
    }

    @Override
    public Mixed mix(MixContext c, Form form, Value x, List<Value> state) {
        GraphBuilder b = c.builder();
        int inner = config.innerSize();
        int rank = config.timeStepRank();
        int n = config.stateSize();
        Activate silu = new Activate(Activation.SILU);
        Value projected = c.linear("in_proj", x);
        List<Value> conv = CausalConv.append(c, "conv1d", state.get(0), b.slice(projected, -1, 0, inner));
        Value u = b.apply(silu, conv.get(0));
        Value parts = c.linear("x_proj", u);
        Value rankPart = normed(c, "dt_layernorm", b.slice(parts, -1, 0, rank));
        Value in = normed(c, "b_layernorm", b.slice(parts, -1, rank, rank + (long) n));
        Value out = normed(c, "c_layernorm", b.slice(parts, -1, rank + (long) n, rank + 2L * n));
        Value delta = b.apply(new Activate(Activation.SOFTPLUS), c.linear("dt_proj", rankPart));
        // With Δ = 0 a token leaves the state as it is.
        Value real = c.unlessPadding(delta, 0);
        List<Value> scanned = b.call(
                new SelectiveScan(),
                List.of(state.get(1), u, real, b.toF32(c.parameters().get("A")), in, out));
        Value y = b.add(scanned.get(0), b.mul(u, b.toF32(c.parameters().get("D"))));
        Value gate = b.apply(silu, b.slice(projected, -1, inner, 2L * inner));
        return new Mixed(c.linear("out_proj", b.mul(y, gate)), List.of(conv.get(1), scanned.get(1)));
    }

    private Value normed(MixContext c, String name, Value x) {
        if (config.normEps().isEmpty()) {
            return x;
        }
        GraphBuilder b = c.builder();
        Value weight = config.normWeights()
                ? c.parameters().get(name + ".weight")
                : b.constant("ones", ones((int) x.type().fixedDim(-1)));
        return b.apply(new RmsNorm(config.normEps().getAsDouble(), 0), x, weight);
    }

    private static Tensor ones(int size) {
        Tensor t = Tensor.zeros(DType.F32, Shape.of(size));
        for (int i = 0; i < size; i++) {
            t.setDouble(i, 1);
        }
        return t;
    }
}
