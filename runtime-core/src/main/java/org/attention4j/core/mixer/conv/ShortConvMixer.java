package org.attention4j.core.mixer.conv;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.state.StateSpec;

/**
 * LFM2's gated short convolution (Liquid AI 2025, arXiv:2511.23404, section 2): {@code out_proj(C ⊙ conv(B ⊙ x))} with {@code (B, C,
 * x) = in_proj h}. Parameters: {@code in_proj.weight [3·hidden, hidden]}, {@code conv.weight [hidden, 1, kernel]}, {@code
 * out_proj.weight [hidden, hidden]}, and biases where a model has them. State: {@code conv [batch, kernel − 1, hidden]}.
 */
public final class ShortConvMixer implements SequenceMixer {
    private final int hiddenSize;
    private final int kernel;

    /** @param kernel taps of the convolution, the current token's among them */
    public ShortConvMixer(int hiddenSize, int kernel) {
        if (kernel < 2) {
            throw new IllegalArgumentException("short_conv: kernel is %d, expected at least 2".formatted(kernel));
        }
        this.hiddenSize = hiddenSize;
        this.kernel = kernel;
    }

    @Override
    public String name() {
        return "short_conv";
    }

    @Override
    public String describe() {
        return "%d channels, conv %d".formatted(hiddenSize, kernel);
    }

    @Override
    public StateSpec state() {
        return new StateSpec.Recurrent(ImmutableList.of(CausalConv.slot("conv", kernel, hiddenSize)));
    }

    /** A run of any length is one convolution. */
    @Override
    public List<Form> forms() {
        return ImmutableList.of(Form.PARALLEL);
    }

    @Override
    public List<ParameterSpec> parameters() {
        return ImmutableList.of(
                ParameterSpec.of("in_proj.weight", 3L * hiddenSize, hiddenSize),
                ParameterSpec.of("conv.weight", hiddenSize, 1, kernel),
                ParameterSpec.of("out_proj.weight", hiddenSize, hiddenSize));
    }

    @Override
    public Mixed mix(MixContext c, Form form, Value x, List<Value> state) {
        GraphBuilder b = c.builder();
        long n = hiddenSize;
        Value parts = c.linear("in_proj", x);
        Value gated = b.mul(b.slice(parts, -1, 0, n), b.slice(parts, -1, 2 * n, 3 * n));
        List<Value> conv = CausalConv.append(c, "conv", state.getFirst(), gated);
        Value y = b.mul(b.slice(parts, -1, n, 2 * n), conv.get(0));
        return new Mixed(c.linear("out_proj", y), List.of(conv.get(1)));
    }
}
