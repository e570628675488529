package org.attention4j.core.rope;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;

/**
 * Rotates pairs of entries of every head: x {@code F32[batch, seq, heads, headDim]}, cos and sin
 * {@code F32[batch, seq, rotaryDim/2]} from {@link RopeTable}; the result has x's type. Entries from rotaryDim on pass through.
 *
 * @param style which entries form a pair
 * @param rotaryDim how many entries are rotated; even, at most headDim
 */
public record Rope(RopeStyle style, int rotaryDim) implements CompositeOp {
    public Rope {
        requireEven(rotaryDim);
    }

    static void requireEven(int rotaryDim) {
        if (rotaryDim < 2 || rotaryDim % 2 != 0) {
            throw new IllegalArgumentException(
                    "rope: rotaryDim is %d, expected a positive even number".formatted(rotaryDim));
        }
    }

    @Override
    public String name() {
        return "rope";
    }

    @Override
    public List<String> inputNames() {
        return ImmutableList.of("x", "cos", "sin");
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        InputTypes in = InputTypes.of(this, inputs);
        TensorType x = in.activation("x", 4);
        boolean fits = x.rank() == 4 && x.dim(3) instanceof Dim.Fixed(long headDim) && headDim >= rotaryDim;
        in.require(
                fits, "x", "[batch, seq, heads, headDim] with headDim of at least rotaryDim %d".formatted(rotaryDim));
        in.exactly("cos", DType.F32, x.dim(0), x.dim(1), Dim.of(rotaryDim / 2));
        in.exactly("sin", DType.F32, x.dim(0), x.dim(1), Dim.of(rotaryDim / 2));
        return ImmutableList.of(x);
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
        Value x = inputs.get(0);
        Value cos = b.unsqueeze(inputs.get(1), 2);
        Value sin = b.unsqueeze(inputs.get(2), 2);
        Value first = first(b, x);
        Value second = second(b, x);
        Value turnedFirst = b.sub(b.mul(first, cos), b.mul(second, sin));
        Value turnedSecond = b.add(b.mul(second, cos), b.mul(first, sin));
        Value rotated = join(b, turnedFirst, turnedSecond);
        if (x.type().fixedDim(3) == rotaryDim) {
            return ImmutableList.of(rotated);
        }
        return ImmutableList.of(b.concat(3, rotated, b.slice(x, 3, rotaryDim, PrimitiveOp.TO_END)));
    }

    private Value first(GraphBuilder b, Value x) {
        return switch (style) {
            case HALF -> b.slice(x, 3, 0, rotaryDim / 2);
            case INTERLEAVED -> b.slice(x, 3, 0, rotaryDim, 2);
        };
    }

    private Value second(GraphBuilder b, Value x) {
        return switch (style) {
            case HALF -> b.slice(x, 3, rotaryDim / 2, rotaryDim);
            case INTERLEAVED -> b.slice(x, 3, 1, rotaryDim, 2);
        };
    }

    private Value join(GraphBuilder b, Value first, Value second) {
        return switch (style) {
            case HALF -> b.concat(3, first, second);
            case INTERLEAVED -> {
                List<Dim> dims = first.type().dims();
                Value pairs = b.concat(4, b.unsqueeze(first, 4), b.unsqueeze(second, 4));
                yield b.reshape(pairs, dims.get(0), dims.get(1), dims.get(2), Dim.of(rotaryDim));
            }
        };
    }
}
