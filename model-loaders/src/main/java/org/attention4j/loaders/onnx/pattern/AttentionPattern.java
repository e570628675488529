package org.attention4j.loaders.onnx.pattern;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.GraphRewrite;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.attention.Attention;
import org.attention4j.core.mixer.attention.AttentionInput;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.norm.Softmax;
import org.attention4j.core.tensor.DType;

/**
 * {@code softmax(scores)·V} with {@link Scores}: attention, with masks and biases as inputs. Heads that {@code repeat_kv} repeated
 * are read once. Where no key is visible the result is 0, though what was taken apart may have given the mean of all values, or
 * no number.
 */
final class AttentionPattern implements GraphRewrite.Rule {
    private final Source source;

    AttentionPattern(Source source) {
        this.source = source;
    }

    @Override
    public Optional<GraphRewrite.Replacement> of(Op op) {
        if (!(op instanceof Primitive p) || !(p.op() instanceof PrimitiveOp.MatMul m) || m.transposeB()) {
            return Optional.empty();
        }
        Value out = p.outputs().getFirst();
        Value values = p.inputs().get(1);
        return softmax(p.inputs().get(0), 4)
                .flatMap(x -> Scores.of(source, x))
                .map(s -> s.withoutInnerScale(source))
                .filter(s -> !Double.isNaN(s.softcap()))
                .flatMap(s -> Layout.of(source, out, s, values))
                .map(layout -> (b, now) -> List.of(write(b, now, layout, out)));
    }

    /** What a softmax is of, seen through casts, reshapes of leading dims, and a choice of 0 for rows without keys. */
    private Optional<Value> softmax(Value v, int depth) {
        Value x = source.uncast(v);
        Optional<Composite> softmax = source.composite(x, Softmax.class);
        if (softmax.isPresent()) {
            return Optional.of(softmax.get().inputs().getFirst());
        }
        if (depth == 0) {
            return Optional.empty();
        }
        Optional<List<Value>> chosen = source.inputs(x, PrimitiveOp.Where.class);
        if (chosen.isPresent() && source.is(chosen.get().get(1), 0)) {
            return softmax(chosen.get().get(2), depth - 1);
        }
        return source.inputs(x, PrimitiveOp.Reshape.class)
                .filter(in -> in.getFirst().type().rank() >= 3
                        && in.getFirst().type().dim(-1).equals(x.type().dim(-1))
                        && in.getFirst().type().dim(-2).equals(x.type().dim(-2)))
                .flatMap(in -> softmax(in.getFirst(), depth - 1));
    }

    private static Value write(GraphBuilder b, UnaryOperator<Value> now, Layout l, Value out) {
        Value query = b.transpose(l.query(b, now), 0, 2, 1, 3);
        Map<AttentionInput, Value> extras = new EnumMap<>(AttentionInput.class);
        for (Scores.Bias bias : l.scores().biases()) {
            Value given = b.cast(l.extra(b, now.apply(bias.value())), DType.F32);
            Value added = bias.factor() == 1 ? given : b.mul(given, bias.factor());
            extras.merge(AttentionInput.BIAS, added, b::add);
        }
        for (Scores.Mask mask : l.scores().masks()) {
            Value visible = l.extra(b, Scores.visible(b, mask, now.apply(mask.value())));
            extras.merge(AttentionInput.MASK, visible, (x, y) -> b.binary(BinaryKind.AND, x, y));
        }
        AttentionSpec spec = l.spec();
        List<Value> in = new ArrayList<>(List.of(query, l.key(b, now), l.value(b, now)));
        in.addAll(extras.values());
        Value y = b.apply(new Attention(spec, extras.keySet()), in.toArray(new Value[0]));
        List<Dim> dims = out.type().dims();
        return b.cast(b.reshape(b.transpose(y, 0, 2, 1, 3), dims), out.type().dtype());
    }
}
