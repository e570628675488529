package org.attention4j.loaders.onnx.pattern;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.attention4j.core.ir.GraphRewrite;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.norm.LayerNorm;
import org.attention4j.core.norm.RmsNorm;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * {@code d / √(mean(d²) + eps)}: with {@code d = x − mean(x)} a layer norm, else an RMS norm, both still without weights, which {@link
 * NormWeights} adds.
 */
final class NormPattern implements GraphRewrite.Rule {
    private final Source source;

    NormPattern(Source source) {
        this.source = source;
    }

    @Override
    public Optional<GraphRewrite.Replacement> of(Op op) {
        if (!(op instanceof Primitive p) || !(p.op() instanceof PrimitiveOp.Binary(BinaryKind kind))) {
            return Optional.empty();
        }
        Value out = p.outputs().getFirst();
        if (!out.type().dtype().isFloat()
                || out.type().rank() < 1
                || !out.type().dim(-1).isFixed()) {
            return Optional.empty();
        }
        Value a = p.inputs().get(0);
        Value b = p.inputs().get(1);
        return switch (kind) {
            case DIV -> root(b).flatMap(variance -> normalized(out, a, variance));
            case MUL ->
                inverseRoot(b)
                        .flatMap(variance -> normalized(out, a, variance))
                        .or(() -> inverseRoot(a).flatMap(variance -> normalized(out, b, variance)));
            default -> Optional.empty();
        };
    }

    private Optional<Value> root(Value v) {
        Value x = source.uncast(v);
        return source.unary(x, UnaryKind.SQRT).map(source::uncast);
    }

    private Optional<Value> inverseRoot(Value v) {
        Value x = source.uncast(v);
        return source.unary(x, UnaryKind.RECIPROCAL)
                .or(() -> source.binary(x, BinaryKind.DIV)
                        .filter(in -> source.is(in.get(0), 1))
                        .map(in -> in.get(1)))
                .flatMap(this::root)
                .or(() -> source.binary(x, BinaryKind.POW)
                        .filter(in -> source.is(in.get(1), -0.5))
                        .map(in -> source.uncast(in.get(0))));
    }

    /** @param variance {@code mean(d²) + eps} */
    private Optional<GraphRewrite.Replacement> normalized(Value out, Value d, Value variance) {
        Optional<List<Value>> sum = source.binary(variance, BinaryKind.ADD);
        if (sum.isEmpty() || !d.type().dims().equals(out.type().dims())) {
            return Optional.empty();
        }
        for (int i = 0; i < 2; i++) {
            OptionalDouble eps = source.scalar(sum.get().get(i));
            Optional<Value> squares = mean(sum.get().get(1 - i));
            boolean fits = eps.isPresent()
                    && eps.getAsDouble() >= 0
                    && squares.flatMap(s -> source.binary(source.uncast(s), BinaryKind.MUL))
                            .filter(in -> source.same(in.get(0), d) && source.same(in.get(1), d))
                            .isPresent();
            if (fits) {
                return Optional.of(replacement(out, d, eps.getAsDouble()));
            }
        }
        return Optional.empty();
    }

    /** What a mean over the last axis, which stays, is of. */
    private Optional<Value> mean(Value v) {
        return source.producer(source.uncast(v))
                                instanceof Primitive(PrimitiveOp.Reduce r, List<Value> in, List<Value> out)
                        && r.kind() == ReduceKind.MEAN
                        && r.keepDims()
                        && r.axes().equals(List.of(in.getFirst().type().rank() - 1))
                ? Optional.of(in.getFirst())
                : Optional.empty();
    }

    private GraphRewrite.Replacement replacement(Value out, Value d, double eps) {
        Value centered = source.uncast(d);
        Optional<Value> x = source.binary(centered, BinaryKind.SUB)
                .filter(in ->
                        mean(in.get(1)).filter(m -> source.same(m, in.get(0))).isPresent())
                .map(in -> in.get(0));
        DType dtype = out.type().dtype();
        return (b, now) -> {
            if (x.isPresent()) {
                Value from = b.cast(now.apply(source.uncast(x.get())), DType.F32);
                return List.of(b.cast(b.apply(new LayerNorm(eps, false, false), from), dtype));
            }
            float[] ones = new float[Math.toIntExact(out.type().fixedDim(-1))];
            Arrays.fill(ones, 1);
            Value weight = b.constant("ones", Tensor.f32(Shape.of(ones.length), ones));
            Value from = b.cast(now.apply(centered), DType.F32);
            return List.of(b.cast(b.apply(new RmsNorm(eps), from, weight), dtype));
        };
    }
}
