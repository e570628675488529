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
import org.attention4j.core.mlp.Activate;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.norm.RmsNorm;
import org.attention4j.core.state.Slot;
import org.attention4j.core.state.StateSpec;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * Lightning Attention as MiniMax-01 has it (arXiv:2501.08313, section 2.2): a constant decay for each head, weaker in later layers,
 * and {@code out_proj(σ(output_gate x) ⊙ norm(y))}. Parameters: {@code qkv_proj.weight [3·heads·headDim, hidden]} (the three of a
 * head together), {@code norm.weight [heads·headDim]}, {@code output_gate.weight [heads·headDim, hidden]}, {@code out_proj.weight
 * [hidden, heads·headDim]}. State: {@code memory [batch, heads, headDim, headDim]}.
 */
public final class LightningMixer implements SequenceMixer {
    private final int hiddenSize;
    private final int numHeads;
    private final int headDim;
    private final double eps;
    private final double layerFactor;

    /**
     * @param layer counts from 0
     * @param numLayers of the model
     */
    public LightningMixer(int hiddenSize, int numHeads, int headDim, double eps, int layer, int numLayers) {
        this.hiddenSize = hiddenSize;
        this.numHeads = numHeads;
        this.headDim = headDim;
        this.eps = eps;
        this.layerFactor = 1 - layer / (numLayers - 1 + 1e-5) + 1e-5;
    }

    @Override
    public String name() {
        return "lightning";
    }

    @Override
    public String describe() {
        return "%d heads of %d".formatted(numHeads, headDim);
    }

    @Override
    public StateSpec state() {
        TensorType type = TensorType.of(DType.F32, Dims.BATCH, Dim.of(numHeads), Dim.of(headDim), Dim.of(headDim));
        return new StateSpec.Recurrent(ImmutableList.of(Slot.recurrent("memory", type)));
    }

    @Override
    public List<Form> forms() {
        return ImmutableList.of(Form.RECURRENT, Form.CHUNKED);
    }

    @Override
    public List<ParameterSpec> parameters() {
        long inner = (long) numHeads * headDim;
        return ImmutableList.of(
                ParameterSpec.of("qkv_proj.weight", 3 * inner, hiddenSize),
                ParameterSpec.of("norm.weight", inner),
                ParameterSpec.of("output_gate.weight", inner, hiddenSize),
                ParameterSpec.of("out_proj.weight", hiddenSize, inner));
    }

    @Override
    public Mixed mix(MixContext c, Form form, Value x, List<Value> state) {
        GraphBuilder b = c.builder();
        Dim batch = x.type().dim(0);
        Dim seq = x.type().dim(1);
        Value qkv = b.apply(new Activate(Activation.SILU), c.linear("qkv_proj", x));
        Value heads = b.reshape(qkv, batch, seq, Dim.of(numHeads), Dim.of(3L * headDim));
        Value q = b.slice(heads, 3, 0, headDim);
        Value k = c.unlessPadding(b.slice(heads, 3, headDim, 2L * headDim), 0);
        Value v = b.slice(heads, 3, 2L * headDim, 3L * headDim);
        Value decay = b.broadcast(
                b.constant("log_decay", logDecay()), q.type().without(3).dims());
        LinearRecurrence recurrence = LinearRecurrence.of(Decay.HEAD, false, false, 1);
        List<Value> in = List.of(state.getFirst(), q, k, v, c.unlessPadding(decay, 0));
        List<Value> out = form == Form.CHUNKED ? recurrence.chunks(b, in) : b.call(recurrence, in);
        Value flat = b.reshape(out.get(0), batch, seq, Dim.of((long) numHeads * headDim));
        Value normed = b.apply(new RmsNorm(eps, 0), flat, c.parameters().get("norm.weight"));
        Value gate = b.unary(UnaryKind.SIGMOID, c.linear("output_gate", x));
        return new Mixed(c.linear("out_proj", b.mul(gate, normed)), List.of(out.get(1)));
    }

    /** {@code −2^{−8(h+1)/H}}, times the layer's factor. */
    private Tensor logDecay() {
        Tensor t = Tensor.zeros(DType.F32, Shape.of(numHeads));
        for (int h = 0; h < numHeads; h++) {
            t.setDouble(h, -Math.pow(2, -8.0 * (h + 1) / numHeads) * layerFactor);
        }
        return t;
    }
}
