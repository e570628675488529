package org.attention4j.loaders.onnx.pattern;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.GraphRewrite;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mlp.Activate;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.tensor.DType;

/**
 * Products with a sigmoid, an error function or a tangent of one of their factors: SiLU and the GELUs, in whatever order exporters
 * multiply.
 */
final class ActivationPattern implements GraphRewrite.Rule {
    private static final int MOST_FACTORS = 4;

    private final Source source;

    ActivationPattern(Source source) {
        this.source = source;
    }

    /** {@code number · Π factors}. */
    private record Factors(double number, List<Value> values) {}

    @Override
    public Optional<GraphRewrite.Replacement> of(Op op) {
        boolean product = op instanceof Primitive p
                && p.op() instanceof PrimitiveOp.Binary(BinaryKind kind)
                && (kind == BinaryKind.MUL || kind == BinaryKind.DIV);
        Value out = op.outputs().getFirst();
        if (!product || !out.type().dtype().isFloat()) {
            return Optional.empty();
        }
        Factors factors = factors(out, 3);
        if (factors.values.size() != 2) {
            return Optional.empty();
        }
        Value a = factors.values.get(0);
        Value b = factors.values.get(1);
        return activation(factors.number, a, b)
                .map(found -> replacement(out, a, found))
                .or(() -> activation(factors.number, b, a).map(found -> replacement(out, b, found)));
    }

    private GraphRewrite.Replacement replacement(Value out, Value x, Activation activation) {
        return (b, now) -> List.of(b.cast(
                b.apply(new Activate(activation), b.cast(now.apply(x), DType.F32)),
                out.type().dtype()));
    }

    /** Products and quotients by numbers, multiplied out a few levels deep. */
    private Factors factors(Value v, int depth) {
        Value x = source.uncast(v);
        Optional<Source.Scaled> scaled = source.scaled(x);
        if (depth > 0 && scaled.isPresent()) {
            Factors inner = factors(scaled.get().x(), depth - 1);
            return new Factors(inner.number * scaled.get().factor(), inner.values);
        }
        Optional<List<Value>> product = source.binary(x, BinaryKind.MUL);
        if (depth > 0 && product.isPresent()) {
            Factors left = factors(product.get().get(0), depth - 1);
            Factors right = factors(product.get().get(1), depth - 1);
            List<Value> both = new ArrayList<>(left.values);
            both.addAll(right.values);
            if (both.size() <= MOST_FACTORS) {
                return new Factors(left.number * right.number, both);
            }
        }
        return new Factors(1, List.of(x));
    }

    /** Which activation {@code number · x · gate} is. */
    private Optional<Activation> activation(double number, Value x, Value gate) {
        Optional<Value> sigmoid = source.unary(gate, UnaryKind.SIGMOID);
        if (sigmoid.isPresent() && Source.near(number, 1)) {
            return sigmoid(x, sigmoid.get());
        }
        Optional<Value> curve = source.binary(gate, BinaryKind.ADD)
                .flatMap(in -> source.other(in, 1))
                .map(source::uncast);
        if (curve.isEmpty() || !Source.near(number, 0.5)) {
            return Optional.empty();
        }
        Optional<Value> erf = source.unary(curve.get(), UnaryKind.ERF);
        if (erf.isPresent()) {
            Factors inside = factors(erf.get(), 2);
            return is(inside, Math.sqrt(0.5), x) ? Optional.of(Activation.GELU) : Optional.empty();
        }
        return source.unary(curve.get(), UnaryKind.TANH)
                .filter(inside -> isCubic(factors(inside, 2), x))
                .map(inside -> Activation.GELU_TANH);
    }

    private Optional<Activation> sigmoid(Value x, Value inside) {
        Factors f = factors(inside, 2);
        if (is(f, 1, x)) {
            return Optional.of(Activation.SILU);
        }
        return is(f, 1.702, x) ? Optional.of(Activation.QUICK_GELU) : Optional.empty();
    }

    private boolean is(Factors f, double number, Value x) {
        return f.values.size() == 1 && Source.near(f.number, number) && source.same(f.values.getFirst(), x);
    }

    /** {@code √(2/π)·(x + 0.044715·x³)}, or with x taken out. */
    private boolean isCubic(Factors f, Value x) {
        double root = Math.sqrt(2 / Math.PI);
        if (f.values.size() == 1 && Source.near(f.number, root)) {
            return source.binary(f.values.getFirst(), BinaryKind.ADD)
                    .filter(in -> isSum(in.get(0), in.get(1), x) || isSum(in.get(1), in.get(0), x))
                    .isPresent();
        }
        if (f.values.size() != 2) {
            return false;
        }
        for (int i = 0; i < 2; i++) {
            boolean outside = source.same(f.values.get(i), x);
            Optional<Value> square =
                    source.binary(f.values.get(1 - i), BinaryKind.ADD).flatMap(in -> source.other(in, 1));
            if (outside && square.isPresent()) {
                Factors s = factors(square.get(), 3);
                // Some take √(2/π) into the sum's first term: 0.7978845608·x·(1 + 0.044715·x²).
                return Source.near(f.number, root) && isPower(s, 0.044715, x, 2);
            }
        }
        return false;
    }

    private boolean isSum(Value linear, Value cubic, Value x) {
        return source.same(linear, x) && isPower(factors(cubic, 3), 0.044715, x, 3);
    }

    private boolean isPower(Factors f, double number, Value x, int power) {
        return f.values.size() == power
                && Source.near(f.number, number)
                && f.values.stream().allMatch(v -> source.same(v, x));
    }
}
