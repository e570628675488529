package org.attention4j.core.mixer.rglru;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.conv.CausalConv;
import org.attention4j.core.mixer.recurrence.DiagonalRecurrence;
import org.attention4j.core.mlp.Activate;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.state.Slot;
import org.attention4j.core.state.StateSpec;
import org.attention4j.core.tensor.DType;

/**
 * Griffin's recurrent block. Parameters: {@code linear_x} and {@code linear_y} ({@code weight [width, hidden]}, {@code bias}),
 * {@code linear_out} ({@code weight [hidden, width]}, {@code bias}), {@code conv_1d} ({@code weight [width, 1, kernel]}, {@code
 * bias}), {@code rg_lru.input_gate_weight} and {@code rg_lru.recurrent_gate_weight [heads, block (in), block (out)]} with {@code
 * _bias [heads, block]}, {@code rg_lru.recurrent_param [width]} (Λ). State: {@code conv [batch, kernel − 1, width]} and {@code lru
 * [batch, width]}.
 */
public final class RgLruMixer implements SequenceMixer {
    private static final double SHARPNESS = 8;

    private final int hiddenSize;
    private final int width;
    private final int numHeads;
    private final int kernel;
    private final Activation activation;

    /**
     * @param width channels of the recurrence
     * @param numHeads blocks of the gates' matrices
     * @param kernel taps of the convolution
     * @param activation of the branch beside the recurrence
     */
    public RgLruMixer(int hiddenSize, int width, int numHeads, int kernel, Activation activation) {
        if (numHeads < 1 || width % numHeads != 0) {
            throw new IllegalArgumentException(
                    "rg_lru: width %d is not a multiple of numHeads %d".formatted(width, numHeads));
        }
        this.hiddenSize = hiddenSize;
        this.width = width;
        this.numHeads = numHeads;
        this.kernel = kernel;
        this.activation = activation;
    }

    @Override
    public String name() {
        return "rg_lru";
    }

    @Override
    public String describe() {
        return "%d channels, %d heads, conv %d".formatted(width, numHeads, kernel);
    }

    @Override
    public StateSpec state() {
        return new StateSpec.Recurrent(ImmutableList.of(
                CausalConv.slot("conv", kernel, width),
                Slot.recurrent("lru", TensorType.of(DType.F32, Dims.BATCH, Dim.of(width)))));
    }

    @Override
    public List<Form> forms() {
        return ImmutableList.of(Form.RECURRENT);
    }

    @Override
    public List<ParameterSpec> parameters() {
        int block = width / numHeads;
        return ImmutableList.of(
                ParameterSpec.of("linear_x.weight", width, hiddenSize),
                ParameterSpec.of("linear_y.weight", width, hiddenSize),
                ParameterSpec.of("linear_out.weight", hiddenSize, width),
                ParameterSpec.of("conv_1d.weight", width, 1, kernel),
                ParameterSpec.of("rg_lru.input_gate_weight", numHeads, block, block),
                ParameterSpec.of("rg_lru.input_gate_bias", numHeads, block),
                ParameterSpec.of("rg_lru.recurrent_gate_weight", numHeads, block, block),
                ParameterSpec.of("rg_lru.recurrent_gate_bias", numHeads, block),
                ParameterSpec.of("rg_lru.recurrent_param", width));
    }

    @Override
    public Mixed mix(MixContext c, Form form, Value x, List<Value> state) {
        GraphBuilder b = c.builder();
        List<Value> conv = CausalConv.append(c, "conv_1d", state.get(0), c.linear("linear_x", x));
        Value u = conv.get(0);
        Value rate = b.apply(
                new Activate(Activation.SOFTPLUS), b.toF32(c.parameters().get("rg_lru.recurrent_param")));
        Value logDecay = b.mul(b.mul(gate(c, "rg_lru.recurrent_gate", u), rate), -SHARPNESS);
        Value input = b.mul(b.mul(gate(c, "rg_lru.input_gate", u), u), size(c, logDecay));
        Value decay = b.unary(UnaryKind.EXP, c.unlessPadding(logDecay, 0));
        List<Value> out = b.call(new DiagonalRecurrence(), List.of(state.get(1), decay, c.unlessPadding(input, 0)));
        Value beside = b.apply(new Activate(activation), c.linear("linear_y", x));
        return new Mixed(c.linear("linear_out", b.mul(out.get(0), beside)), List.of(conv.get(1), out.get(1)));
    }

    /** {@code √(1 − a²)}, and 1 at position 0. 1 − a² is 2t / (1 + t) with t = tanh(−log a): nothing cancels where a is near 1. */
    private static Value size(MixContext c, Value logDecay) {
        GraphBuilder b = c.builder();
        Value tanh = b.unary(UnaryKind.TANH, b.unary(UnaryKind.NEG, logDecay));
        Value rest = b.div(b.mul(tanh, 2), b.add(tanh, 1));
        Value first = b.binary(BinaryKind.EQUAL, c.positions(logDecay.type().dim(1)), b.scalar(DType.I64, 0));
        return b.where(b.unsqueeze(first, -1), b.scalar(DType.F32, 1), b.unary(UnaryKind.SQRT, rest));
    }

    private Value gate(MixContext c, String name, Value u) {
        GraphBuilder b = c.builder();
        Dim batch = u.type().dim(0);
        Dim seq = u.type().dim(1);
        Dim block = Dim.of(width / numHeads);
        Value heads = b.transpose(b.reshape(u, batch, seq, Dim.of(numHeads), block), 0, 2, 1, 3);
        Value product = b.matMul(heads, b.toF32(c.parameters().get(name + "_weight")));
        Value bias = b.unsqueeze(b.toF32(c.parameters().get(name + "_bias")), 1);
        Value gate = b.unary(UnaryKind.SIGMOID, b.add(product, bias));
        return b.reshape(b.transpose(gate, 0, 2, 1, 3), u.type().dims());
    }
}
