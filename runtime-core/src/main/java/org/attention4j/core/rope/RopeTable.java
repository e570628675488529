package org.attention4j.core.rope;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * The cos and sin of each position's angles, times the scaling rule's attention factor: positions {@code I64[batch, seq]},
 * not negative; cos and sin {@code F32[batch, seq, rotaryDim/2]}.
 *
 * <p>Where the rule depends on the sequence's length, that is each sequence's own largest position plus 1: no sequence changes
 * another of its batch. Or it is given, {@code length I64[]}: what went into a cache can't be rotated again as a sequence grows,
 * so one length must hold for all of it.
 *
 * @param theta the base of the frequencies
 * @param rotaryDim how many entries of a head are rotated; even
 * @param scaling the rule that gives the frequencies
 * @param givenLength whether the length is an input
 */
public record RopeTable(double theta, int rotaryDim, RopeScaling scaling, boolean givenLength) implements CompositeOp {
    public RopeTable {
        validate(theta, rotaryDim, scaling);
    }

    /** A table that goes by the positions alone. */
    public RopeTable(double theta, int rotaryDim, RopeScaling scaling) {
        this(theta, rotaryDim, scaling, false);
    }

    /** The same with the sequence's length as an input. */
    public RopeTable withGivenLength() {
        return new RopeTable(theta, rotaryDim, scaling, true);
    }

    static void validate(double theta, int rotaryDim, RopeScaling scaling) {
        if (!(theta > 1) || Double.isInfinite(theta)) {
            throw new IllegalArgumentException("rope: theta is %s, expected more than 1".formatted(theta));
        }
        Rope.requireEven(rotaryDim);
        scaling.validate(rotaryDim);
    }

    @Override
    public String name() {
        return "rope_table";
    }

    @Override
    public List<String> inputNames() {
        return givenLength ? ImmutableList.of("positions", "length") : ImmutableList.of("positions");
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        InputTypes in = InputTypes.of(this, inputs);
        TensorType positions = in.get("positions");
        in.require(positions.dtype() == DType.I64 && positions.rank() == 2, "positions", "I64[batch, seq]");
        if (givenLength) {
            in.exactly("length", DType.I64);
        }
        TensorType out = TensorType.of(DType.F32, positions.dim(0), positions.dim(1), Dim.of(rotaryDim / 2));
        return ImmutableList.of(out, out);
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
        Value positions = inputs.getFirst();
        // As F32, the angle of position 131,071 would be wrong by up to 0.004.
        Value angles = b.mul(b.unsqueeze(b.cast(positions, DType.F64), -1), inverseFrequencies(b, inputs));
        return ImmutableList.of(scaled(b, b.unary(UnaryKind.COS, angles)), scaled(b, b.unary(UnaryKind.SIN, angles)));
    }

    /** {@code F64[rotaryDim/2]}, or {@code F64[batch, 1, rotaryDim/2]} where they depend on each sequence's length. */
    private Value inverseFrequencies(GraphBuilder b, List<Value> inputs) {
        return switch (scaling) {
            case RopeScaling.Fixed fixed -> constant(b, "inv_freq", fixed.inverseFrequencies(theta, rotaryDim));
            case RopeScaling.DynamicNtk rule -> dynamicNtk(b, rule, length(b, inputs));
            case RopeScaling.LongRope rule -> longRope(b, rule, length(b, inputs));
        };
    }

    /** {@code I64[]} if it is given, else {@code I64[batch, 1, 1]}: each sequence's largest position plus 1. */
    private Value length(GraphBuilder b, List<Value> inputs) {
        if (givenLength) {
            return inputs.get(1);
        }
        Value positions = inputs.getFirst();
        return b.unsqueeze(b.add(b.reduce(ReduceKind.MAX, positions, true, 1), 1), -1);
    }

    /** {@code theta·scale^(d/(d−2))} to the power {@code −2i/d}, which is {@code θᵢ·scale^(−2i/(d−2))}. */
    private Value dynamicNtk(GraphBuilder b, RopeScaling.DynamicNtk rule, Value length) {
        long max = rule.originalMaxPositions();
        Value reached = b.binary(BinaryKind.MAX, length, b.scalar(DType.I64, (double) max));
        Value excess = b.add(b.mul(b.cast(reached, DType.F64), 1.0 / max), -1);
        Value scale = b.add(b.mul(excess, rule.factor()), 1);
        double[] exponents = new double[rotaryDim / 2];
        for (int i = 0; i < exponents.length; i++) {
            exponents[i] = -2.0 * i / (rotaryDim - 2);
        }
        Value change = b.binary(BinaryKind.POW, scale, constant(b, "exponents", exponents));
        return b.mul(constant(b, "inv_freq", Frequencies.unscaled(theta, rotaryDim)), change);
    }

    private Value longRope(GraphBuilder b, RopeScaling.LongRope rule, Value length) {
        long max = rule.originalMaxPositions();
        Value isLong = b.binary(BinaryKind.LESS, b.scalar(DType.I64, (double) max), length);
        Value longer = constant(b, "inv_freq_long", rule.inverseFrequencies(theta, rotaryDim, max + 1));
        Value shorter = constant(b, "inv_freq_short", rule.inverseFrequencies(theta, rotaryDim, max));
        return b.where(isLong, longer, shorter);
    }

    private Value scaled(GraphBuilder b, Value x) {
        return b.cast(scaling.attentionFactor() == 1 ? x : b.mul(x, scaling.attentionFactor()), DType.F32);
    }

    private static Value constant(GraphBuilder b, String label, double[] values) {
        Tensor tensor = Tensor.zeros(DType.F64, Shape.of(values.length));
        for (int i = 0; i < values.length; i++) {
            tensor.setDouble(i, values[i]);
        }
        return b.constant(label, tensor);
    }
}
