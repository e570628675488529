package org.attention4j.loaders.onnx.pattern;

import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.GraphRewrite;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.norm.LayerNorm;
import org.attention4j.core.norm.RmsNorm;

/** A norm times a vector, or plus one: the norm's weight and bias. */
final class NormWeights implements GraphRewrite.Rule {
    private final Source source;

    NormWeights(Source source) {
        this.source = source;
    }

    @Override
    public Optional<GraphRewrite.Replacement> of(Op op) {
        if (!(op instanceof Primitive p) || !(p.op() instanceof PrimitiveOp.Binary(BinaryKind kind))) {
            return Optional.empty();
        }
        if (kind != BinaryKind.MUL && kind != BinaryKind.ADD) {
            return Optional.empty();
        }
        Value out = p.outputs().getFirst();
        return with(kind, out, p.inputs().get(0), p.inputs().get(1))
                .or(() -> with(kind, out, p.inputs().get(1), p.inputs().get(0)));
    }

    private Optional<GraphRewrite.Replacement> with(BinaryKind kind, Value out, Value normed, Value vector) {
        if (!(source.producer(source.uncast(normed)) instanceof Composite c)
                || !source.usedOnce(normed)
                || !out.type().dims().equals(normed.type().dims())
                || !Source.isVector(vector, out.type().dim(-1))) {
            return Optional.empty();
        }
        Dim size = out.type().dim(-1);
        return switch (c.op()) {
            case LayerNorm l
            when kind == BinaryKind.MUL && !l.weight() && !l.bias() ->
                Optional.of((b, now) -> List.of(b.cast(
                        b.apply(
                                new LayerNorm(l.eps(), true, false),
                                now.apply(c.inputs().getFirst()),
                                flat(b, now.apply(vector), size)),
                        out.type().dtype())));
            case LayerNorm l
            when kind == BinaryKind.ADD && l.weight() && !l.bias() ->
                Optional.of((b, now) -> List.of(b.cast(
                        b.apply(
                                new LayerNorm(l.eps(), true, true),
                                now.apply(c.inputs().get(0)),
                                now.apply(c.inputs().get(1)),
                                flat(b, now.apply(vector), size)),
                        out.type().dtype())));
            case RmsNorm r
            when kind == BinaryKind.MUL && isOnes(c.inputs().get(1)) ->
                Optional.of((b, now) -> List.of(b.cast(
                        b.apply(r, now.apply(c.inputs().getFirst()), flat(b, now.apply(vector), size)),
                        out.type().dtype())));
            default -> Optional.empty();
        };
    }

    private static Value flat(GraphBuilder b, Value vector, Dim size) {
        return b.reshape(vector, size);
    }

    /** What {@link NormPattern} put there. */
    private boolean isOnes(Value weight) {
        return source.producer(weight) instanceof Primitive(PrimitiveOp.Constant c, List<Value> in, List<Value> out)
                && c.label().equals("ones");
    }
}
