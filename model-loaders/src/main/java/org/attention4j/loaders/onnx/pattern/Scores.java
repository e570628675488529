package org.attention4j.loaders.onnx.pattern;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;

/**
 * What attention scores are made of: {@code softcap(scale · q·kᵀ) + Σ biases}, hidden where a mask says so.
 *
 * @param query {@code [..., seq, dim]}
 * @param key {@code [..., keys, dim]}, or {@code [..., dim, keys]} if {@code keyIsTransposed}
 * @param scale of the products
 * @param softcap or 0
 * @param biases what is added, each times a number
 * @param masks what decides where scores count
 * @param leading the dims before the last two where biases and masks apply; empty if there are none
 */
record Scores(
        Value query,
        Value key,
        boolean keyIsTransposed,
        double scale,
        double softcap,
        List<Bias> biases,
        List<Mask> masks,
        Optional<List<Dim>> leading) {
    /** Where scores are hidden by a number and no −∞, it is at most this. */
    private static final double HIDDEN = -1e3;

    private static final int DEEPEST = 24;

    Scores {
        biases = ImmutableList.copyOf(biases);
        masks = ImmutableList.copyOf(masks);
    }

    /** A value times a number. */
    record Bias(Value value, double factor) {}

    /**
     * Booleans, or numbers that are 1 or 0.
     *
     * @param inverted whether true hides
     */
    record Mask(Value value, boolean inverted) {}

    /** Takes apart what a softmax is of. */
    static Optional<Scores> of(Source source, Value v) {
        return of(source, v, DEEPEST);
    }

    private static Optional<Scores> of(Source source, Value value, int depth) {
        Value v = source.uncast(value);
        if (depth == 0 || !(source.producer(v) instanceof Primitive p)) {
            return Optional.empty();
        }
        return switch (p.op()) {
            case PrimitiveOp.MatMul m ->
                Optional.of(new Scores(
                        p.inputs().get(0),
                        p.inputs().get(1),
                        !m.transposeB(),
                        1,
                        0,
                        List.of(),
                        List.of(),
                        Optional.empty()));
            case PrimitiveOp.Reshape r ->
                keepsRows(p) ? of(source, p.inputs().getFirst(), depth - 1) : Optional.empty();
            case PrimitiveOp.Where w -> where(source, v, p.inputs(), depth);
            case PrimitiveOp.Binary b -> binary(source, v, b.kind(), p.inputs(), depth);
            case PrimitiveOp.Unary u
            when u.kind() == UnaryKind.TANH ->
                // Whoever multiplies the tangent tells the cap.
                of(source, p.inputs().getFirst(), depth - 1)
                        .filter(s -> s.biases.isEmpty() && s.masks.isEmpty() && s.softcap == 0)
                        .map(s -> s.withSoftcap(Double.NaN));
            default -> Optional.empty();
        };
    }

    /** Only leading dims are merged or split. */
    private static boolean keepsRows(Primitive p) {
        var from = p.inputs().getFirst().type();
        var to = p.outputs().getFirst().type();
        return from.rank() >= 3
                && to.rank() >= 3
                && from.dim(-1).equals(to.dim(-1))
                && from.dim(-2).equals(to.dim(-2));
    }

    private Scores withSoftcap(double value) {
        return new Scores(query, key, keyIsTransposed, scale, value, biases, masks, leading);
    }

    private static Optional<Scores> where(Source source, Value v, List<Value> in, int depth) {
        OptionalDouble yes = source.scalar(in.get(1));
        OptionalDouble no = source.scalar(in.get(2));
        if (no.isPresent() && no.getAsDouble() <= HIDDEN) {
            return of(source, in.get(1), depth - 1).flatMap(s -> s.with(new Mask(in.get(0), false), v));
        }
        if (yes.isPresent() && yes.getAsDouble() <= HIDDEN) {
            return of(source, in.get(2), depth - 1).flatMap(s -> s.with(new Mask(in.get(0), true), v));
        }
        return Optional.empty();
    }

    private static Optional<Scores> binary(Source source, Value v, BinaryKind kind, List<Value> in, int depth) {
        Optional<Source.Scaled> scaled = source.scaled(v);
        if (scaled.isPresent()) {
            return of(source, scaled.get().x(), depth - 1)
                    .flatMap(s -> s.times(scaled.get().factor()));
        }
        return switch (kind) {
            case MUL ->
                undivided(source, in.get(0), in.get(1))
                        .or(() -> undivided(source, in.get(1), in.get(0)))
                        .flatMap(x -> of(source, x, depth - 1));
            case ADD ->
                blended(source, in.get(0), in.get(1), 1, depth)
                        .or(() -> of(source, in.get(0), depth - 1).flatMap(s -> s.with(new Bias(in.get(1), 1), v)))
                        .or(() -> of(source, in.get(1), depth - 1).flatMap(s -> s.with(new Bias(in.get(0), 1), v)))
                        .filter(Scores::isCapped);
            case SUB ->
                blended(source, in.get(0), in.get(1), -1, depth)
                        .or(() -> of(source, in.get(0), depth - 1).flatMap(s -> s.with(new Bias(in.get(1), -1), v)))
                        .filter(Scores::isCapped);
            default -> Optional.empty();
        };
    }

    /** {@code (x / y) · y}, which some exporters write around their masks. */
    private static Optional<Value> undivided(Source source, Value quotient, Value factor) {
        return source.binary(source.uncast(quotient), BinaryKind.DIV)
                .filter(in -> source.same(in.get(1), factor))
                .map(in -> in.get(0));
    }

    private boolean isCapped() {
        return !Double.isNaN(softcap);
    }

    /** {@code scores · m + (1 − m) · number}: with a mask m of ones and zeros, the number where it is 0. */
    private static Optional<Scores> blended(Source source, Value product, Value rest, double sign, int depth) {
        Optional<Source.Scaled> other = source.scaled(source.uncast(rest));
        Optional<List<Value>> factors = source.binary(source.uncast(product), BinaryKind.MUL);
        if (factors.isEmpty() || other.isEmpty() || sign * other.get().factor() > HIDDEN) {
            return Optional.empty();
        }
        Optional<Value> mask = source.binary(source.uncast(other.get().x()), BinaryKind.SUB)
                .filter(in -> source.is(in.get(0), 1))
                .map(in -> in.get(1));
        for (int i = 0; mask.isPresent() && i < 2; i++) {
            if (source.same(factors.get().get(i), mask.get())) {
                Value scores = factors.get().get(1 - i);
                return of(source, scores, depth - 1).flatMap(s -> s.with(new Mask(mask.get(), false), product));
            }
        }
        return Optional.empty();
    }

    private Optional<Scores> times(double factor) {
        if (Double.isNaN(softcap)) {
            // c·tanh(scale·s): the products are scaled by scale·c.
            return Optional.of(new Scores(query, key, keyIsTransposed, scale * factor, factor, biases, masks, leading));
        }
        if (softcap > 0 || !masks.isEmpty()) {
            return Optional.empty();
        }
        List<Bias> scaledBiases =
                biases.stream().map(b -> new Bias(b.value, b.factor * factor)).toList();
        return Optional.of(
                new Scores(query, key, keyIsTransposed, scale * factor, softcap, scaledBiases, masks, leading));
    }

    /** @param at the scores that the bias is added to */
    private Optional<Scores> with(Bias bias, Value at) {
        return at(at).map(dims ->
                new Scores(query, key, keyIsTransposed, scale, softcap, plus(biases, bias), masks, Optional.of(dims)));
    }

    /** @param at the scores that the mask hides */
    private Optional<Scores> with(Mask mask, Value at) {
        return at(at).map(dims ->
                new Scores(query, key, keyIsTransposed, scale, softcap, biases, plus(masks, mask), Optional.of(dims)));
    }

    /** All biases and masks have to be for scores of the same dims. */
    private Optional<List<Dim>> at(Value scores) {
        List<Dim> all = scores.type().dims();
        if (all.size() < 2) {
            return Optional.empty();
        }
        List<Dim> dims = all.subList(0, all.size() - 2);
        return leading.isEmpty() || leading.get().equals(dims) ? Optional.of(dims) : Optional.empty();
    }

    private static <T> List<T> plus(List<T> list, T more) {
        return ImmutableList.<T>builder().addAll(list).add(more).build();
    }

    /** The same with a scale that queries and keys are multiplied by before. */
    Scores withoutInnerScale(Source source) {
        Optional<Source.Scaled> q = source.scaled(source.uncast(query));
        Optional<Source.Scaled> k = source.scaled(source.uncast(key));
        double factor = q.map(Source.Scaled::factor).orElse(1.0)
                * k.map(Source.Scaled::factor).orElse(1.0);
        return new Scores(
                q.map(Source.Scaled::x).orElse(query),
                k.map(Source.Scaled::x).orElse(key),
                keyIsTransposed,
                scale * factor,
                softcap,
                biases,
                masks,
                leading);
    }

    /** A mask as booleans: true where a key is visible. */
    static Value visible(GraphBuilder b, Mask mask, Value now) {
        Value holds = b.cast(now, DType.BOOL);
        return mask.inverted ? b.unary(UnaryKind.NOT, holds) : holds;
    }
}
