package org.attention4j.loaders.onnx.pattern;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.tensor.DType;

/**
 * Where batch, heads, tokens and entries are in what attention was taken apart into.
 *
 * @param scores the scores
 * @param values {@code [..., keys, dim]}
 * @param leading the dims before the last two of scores and result: {@code [batch, heads]}, or {@code [batch]} of one head
 * @param key before {@code repeat_kv}
 * @param value before {@code repeat_kv}
 * @param spec what is computed
 */
record Layout(Scores scores, Value values, List<Dim> leading, Value key, Value value, AttentionSpec spec) {
    /** A value and how many times each of its heads was repeated. */
    private record Repeated(Value value, long times) {}

    static Optional<Layout> of(Source source, Value out, Scores s, Value values) {
        List<Dim> dims = out.type().dims();
        List<Dim> leading = s.leading().orElseGet(() -> dims.subList(0, dims.size() - 2));
        if (leading.isEmpty() || leading.size() > 2) {
            return Optional.empty();
        }
        Dim batch = leading.getFirst();
        Dim heads = leading.size() == 2 ? leading.get(1) : Dim.of(1);
        Dim seq = dims.get(dims.size() - 2);
        Repeated keys = unrepeatedKeys(source, s);
        Repeated all = unrepeated(source, values);
        if (keys.times != all.times) {
            keys = new Repeated(s.key(), 1);
            all = new Repeated(values, 1);
        }
        Dim headDim = s.query().type().dim(-1);
        Dim valueDim = values.type().dim(-1);
        boolean fits = heads instanceof Dim.Fixed(long numHeads)
                && headDim instanceof Dim.Fixed
                && valueDim instanceof Dim.Fixed
                && numHeads % keys.times == 0
                && elements(s.query(), 2).equals(batch.times(heads))
                && elements(s.key(), 2).equals(batch.times(heads))
                && elements(values, 2).equals(batch.times(heads))
                && s.query().type().dim(-2).equals(seq)
                && s.biases().stream().allMatch(x -> broadcasts(x.value().type(), leading, seq))
                && s.masks().stream().allMatch(x -> broadcasts(x.value().type(), leading, seq));
        if (!fits) {
            return Optional.empty();
        }
        int n = (int) ((Dim.Fixed) heads).size();
        AttentionSpec spec = AttentionSpec.bidirectional(n, (int) (n / keys.times), (int) ((Dim.Fixed) headDim).size())
                .withValueDim((int) ((Dim.Fixed) valueDim).size())
                .withScale(s.scale())
                .withSoftcap(Math.abs(s.softcap()));
        return Optional.of(new Layout(s, values, leading, keys.value, all.value, spec));
    }

    /** How many matrices there are: the product of all dims but the last ones. */
    private static Dim elements(Value v, int last) {
        List<Dim> dims = v.type().dims();
        return dims.subList(0, Math.max(0, dims.size() - last)).stream().reduce(Dim.of(1), Dim::times);
    }

    private static boolean broadcasts(TensorType type, List<Dim> leading, Dim seq) {
        if (type.rank() > leading.size() + 2) {
            return false;
        }
        List<Dim> scores = new ArrayList<>(leading);
        scores.add(seq);
        for (int i = 2; i <= type.rank(); i++) {
            Dim d = type.dim(-i);
            if (!d.equals(Dim.of(1)) && !d.equals(scores.get(scores.size() - i + 1))) {
                return false;
            }
        }
        return true;
    }

    /** {@code [b, kv, t, d] → [b, kv, 1, t, d] → [b, kv, n, t, d] → [b, kv·n, t, d]}, seen from its end. */
    private static Repeated unrepeated(Source source, Value v) {
        Value x = source.uncast(v);
        Optional<Repeated> wide = source.inputs(x, PrimitiveOp.Reshape.class)
                .filter(in -> x.type().rank() == 4 && in.getFirst().type().rank() == 5)
                .flatMap(in -> source.inputs(in.getFirst(), PrimitiveOp.Broadcast.class)
                        .filter(from -> from.getFirst().type().rank() == 5)
                        .filter(from -> from.getFirst().type().dim(2).equals(Dim.of(1)))
                        .filter(from -> from.getFirst()
                                .type()
                                .dim(1)
                                .equals(in.getFirst().type().dim(1)))
                        .filter(from -> in.getFirst().type().dim(2) instanceof Dim.Fixed)
                        .map(from -> new Repeated(
                                from.getFirst(),
                                ((Dim.Fixed) in.getFirst().type().dim(2)).size())));
        if (wide.isPresent()) {
            return wide.get();
        }
        return new Repeated(v, 1);
    }

    /** Keys are transposed after they are repeated. */
    private static Repeated unrepeatedKeys(Source source, Scores s) {
        Value x = source.uncast(s.key());
        if (s.keyIsTransposed()
                && source.producer(x) instanceof Primitive(PrimitiveOp.Transpose t, List<Value> in, List<Value> outs)
                && t.permutation().equals(List.of(0, 1, 3, 2))) {
            Repeated before = unrepeated(source, in.getFirst());
            if (before.times > 1) {
                return before;
            }
        }
        return new Repeated(s.key(), 1);
    }

    /** {@code F32[batch, heads, seq, dim]}. */
    Value query(GraphBuilder b, UnaryOperator<Value> now) {
        return fourDims(b, now.apply(scores.query()), spec.numHeads());
    }

    /** {@code F32[batch, kvHeads, keys, dim]}. */
    Value key(GraphBuilder b, UnaryOperator<Value> now) {
        Value k = fourDims(b, now.apply(key), spec.numKvHeads());
        return keyIsTransposed() ? b.transpose(k, 0, 1, 3, 2) : k;
    }

    /** Before they were repeated, keys weren't transposed. */
    private boolean keyIsTransposed() {
        return scores.keyIsTransposed() && key.equals(scores.key());
    }

    /** {@code F32[batch, kvHeads, keys, dim]}. */
    Value value(GraphBuilder b, UnaryOperator<Value> now) {
        return fourDims(b, now.apply(value), spec.numKvHeads());
    }

    private Value fourDims(GraphBuilder b, Value x, long heads) {
        TensorType t = x.type();
        Value y = b.reshape(x, leading.getFirst(), Dim.of(heads), t.dim(-2), t.dim(-1));
        return b.cast(y, DType.F32);
    }

    /** A mask or bias that broadcasts to {@code [batch, heads, seq, keys]}. */
    Value extra(GraphBuilder b, Value x) {
        if (leading.size() == 1 && x.type().rank() == 3) {
            return b.unsqueeze(x, 1);
        }
        return x.type().rank() == 0 ? b.reshape(x, Dim.of(1)) : x;
    }
}
