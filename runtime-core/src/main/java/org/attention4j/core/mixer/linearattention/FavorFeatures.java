package org.attention4j.core.mixer.linearattention;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mlp.Activate;
import org.attention4j.core.mlp.Activation;

/**
 * The random features of Performer's FAVOR+ (Choromanski et al. 2020, arXiv:2009.14794), with W the projection, m its rows, and
 * x̂ = x / d^¼:
 *
 * <pre>
 *   SOFTMAX: (e^{W x̂ − ‖x̂‖²/2 − c} + eps) / √m        (eq. 5; products estimate e^{q·k/√d}, up to the stabilisers c)
 *   RELU:    max(W x̂, 0) + eps                          (§4.3)
 * </pre>
 *
 * <p>Inputs: {@code x F32[batch, seq, heads, dim]}, {@code projection F32[features, dim]}. Result:
 * {@code F32[batch, seq, heads, features]}.
 *
 * @param kernel which
 * @param stabilizer what c is
 * @param eps keeps the features above 0
 */
public record FavorFeatures(Kernel kernel, Stabilizer stabilizer, double eps) implements CompositeOp {
    /** What the features' products estimate. */
    public enum Kernel {
        /** The softmax's exponential. */
        SOFTMAX,
        /** A kernel of its own. */
        RELU
    }

    /** What is taken off the exponents, so that none is large; it cancels in attention but for eps. */
    public enum Stabilizer {
        /** The largest of W x̂ of the token: for queries. */
        TOKEN,
        /** That of all tokens of a head: for keys that are given all at once, of which each changes the others. */
        SEQUENCE,
        /**
         * Nothing: for keys that come one after the other. An exponent {@code w·x̂ − ‖x̂‖²/2} is {@code (‖w‖² − ‖x̂ − w‖²)/2}, so
         * it is at most half the squared length of a row of W, which is about {@code dim/2}, and nothing overflows in heads of
         * the usual sizes.
         */
        NONE
    }

    @Override
    public String name() {
        return "favor_features";
    }

    @Override
    public List<String> inputNames() {
        return ImmutableList.of("x", "projection");
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        InputTypes in = InputTypes.of(this, inputs);
        TensorType x = in.activation("x", 4);
        in.require(x.rank() == 4, "x", "F32[batch, seq, heads, dim]");
        TensorType projection = in.activation("projection", 2);
        boolean fits = projection.rank() == 2 && projection.dim(1).equals(x.dim(3));
        in.require(fits, "projection", "F32[features, %s]".formatted(x.dim(3)));
        return ImmutableList.of(x.withDim(3, projection.dim(0)));
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> in) {
        Value x = in.get(0);
        Value projection = in.get(1);
        double dim = x.type().fixedDim(3);
        double features = projection.type().fixedDim(0);
        Value scaled = b.mul(x, Math.pow(dim, -0.25));
        Value projected = b.matMulTransposed(scaled, projection);
        if (kernel == Kernel.RELU) {
            return ImmutableList.of(b.add(b.apply(new Activate(Activation.RELU), projected), eps));
        }
        Value halfSquares = b.mul(b.reduce(ReduceKind.SUM, b.mul(scaled, scaled), true, -1), 0.5);
        Value free = b.sub(projected, halfSquares);
        Value exponent = switch (stabilizer) {
            case TOKEN -> b.sub(free, b.reduce(ReduceKind.MAX, projected, true, 3));
            case SEQUENCE -> b.sub(free, b.reduce(ReduceKind.MAX, projected, true, 1, 3));
            case NONE -> free;
        };
        return ImmutableList.of(b.mul(b.add(b.unary(UnaryKind.EXP, exponent), eps), Math.pow(features, -0.5)));
    }
}
