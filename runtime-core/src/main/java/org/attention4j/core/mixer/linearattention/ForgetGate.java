package org.attention4j.core.mixer.linearattention;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableDoubleArray;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mlp.Activate;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** Writes what {@link Forgetting} says. */
final class ForgetGate {
    private static final Activate LOG_SIGMOID = new Activate(Activation.LOG_SIGMOID);

    private final LinearAttentionConfig config;

    ForgetGate(LinearAttentionConfig config) {
        this.config = config;
    }

    /**
     * A gate's values.
     *
     * @param logDecay as the recurrence takes it, if anything fades
     * @param keys {@code [batch, seq, keys]}, if the gate gives them
     */
    record Gate(Optional<Value> logDecay, Optional<Value> keys) {}

    /** Whether keys are what the gate leaves. */
    boolean givesKeys() {
        return config.forgetting() instanceof Forgetting.LowerBounded;
    }

    List<ParameterSpec> parameters() {
        int hidden = config.hiddenSize();
        return switch (config.forgetting()) {
            case Forgetting.Never n -> ImmutableList.of();
            case Forgetting.Constant c -> ImmutableList.of();
            case Forgetting.LowRank(int rank, double temperature) ->
                ImmutableList.of(
                        ParameterSpec.of("gk_proj.0.weight", rank, hidden),
                        ParameterSpec.of("gk_proj.1.weight", config.keys(), rank),
                        ParameterSpec.of("gk_proj.1.bias", config.keys()));
            case Forgetting.LowerBounded(int layer, int numLayers) -> {
                ParameterSpec gate = ParameterSpec.of("f_proj.weight", config.keys(), hidden);
                yield layer == 0
                        ? ImmutableList.of(gate)
                        : ImmutableList.of(gate, ParameterSpec.of("lower_bounds", numLayers, config.keys()));
            }
        };
    }

    /** @param x {@code [batch, seq, hidden]} */
    Gate write(MixContext c, Value x) {
        return switch (config.forgetting()) {
            case Forgetting.Never n -> new Gate(Optional.empty(), Optional.empty());
            case Forgetting.Constant(ImmutableDoubleArray logs) ->
                new Gate(Optional.of(constant(c.builder(), x, logs)), Optional.empty());
            case Forgetting.LowRank(int rank, double temperature) -> {
                Value raw = c.linear("gk_proj.1", c.linear("gk_proj.0", x));
                Value logDecay = c.builder().mul(c.builder().apply(LOG_SIGMOID, raw), 1 / temperature);
                yield new Gate(Optional.of(heads(c.builder(), logDecay)), Optional.empty());
            }
            case Forgetting.LowerBounded(int layer, int numLayers) -> lowerBounded(c, x, layer);
        };
    }

    private Value constant(GraphBuilder b, Value x, ImmutableDoubleArray logs) {
        Tensor t = Tensor.zeros(DType.F32, Shape.of(logs.length()));
        for (int h = 0; h < logs.length(); h++) {
            t.setDouble(h, logs.get(h));
        }
        return b.broadcast(
                b.constant("log_decay", t), List.of(x.type().dim(0), x.type().dim(1), Dim.of(logs.length())));
    }

    /** The keys are {@code 1 − e^g = (1 − β) σ(−W_f x)}, which so keep their digits where the gate is near 1. */
    private Gate lowerBounded(MixContext c, Value x, int layer) {
        GraphBuilder b = c.builder();
        Value raw = c.linear("f_proj", x);
        Value keys = b.unary(UnaryKind.SIGMOID, b.unary(UnaryKind.NEG, raw));
        Value logDecay;
        if (layer == 0) {
            logDecay = b.apply(LOG_SIGMOID, raw);
        } else {
            Value bound = lowerBound(b, b.toF32(c.parameters().get("lower_bounds")), layer);
            Value rest = b.sub(b.scalar(DType.F32, 1), bound);
            keys = b.mul(rest, keys);
            logDecay = b.unary(UnaryKind.LOG, b.add(bound, b.mul(rest, b.unary(UnaryKind.SIGMOID, raw))));
        }
        return new Gate(Optional.of(heads(b, logDecay)), Optional.of(keys));
    }

    /** {@code [keys]}: the sum of the softmax over the layers up to this one, without the first. */
    private static Value lowerBound(GraphBuilder b, Value logits, int layer) {
        Value exp = b.unary(UnaryKind.EXP, b.sub(logits, b.reduce(ReduceKind.MAX, logits, true, 0)));
        Value shares = b.div(exp, b.reduce(ReduceKind.SUM, exp, true, 0));
        return b.reduce(ReduceKind.SUM, b.slice(shares, 0, 1, layer + 1L), false, 0);
    }

    private Value heads(GraphBuilder b, Value x) {
        return b.reshape(x, x.type().dim(0), x.type().dim(1), Dim.of(config.numHeads()), Dim.of(config.keyDim()));
    }
}
