package org.attention4j.onnx.attention;

import com.google.auto.service.AutoService;
import com.google.common.collect.Sets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.attention.Attention;
import org.attention4j.core.mixer.attention.AttentionInput;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.onnx.emit.Attributes;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxWriter;

/**
 * ONNX's {@code Attention} (opset 24), for causal attention with windows, chunks and ALiBi. What a token sees is one tensor, which
 * equal layers share. For a token that sees nothing, as padding does, the operator would make what is no number of a row of −∞:
 * it is shown itself, and its result is replaced by 0. Sink logits are what one more key adds to the denominator: it and its value are 0, so that
 * its score is its bias.
 */
@AutoService(OnnxLowering.class)
public final class MaskedAttention implements OnnxLowering {
    private static final Set<AttentionInput> KNOWN_EXTRAS =
            Sets.immutableEnumSet(AttentionInput.MASK, AttentionInput.ALIBI_SLOPES, AttentionInput.SINK_LOGITS);

    @Override
    public String name() {
        return "masked_attention";
    }

    @Override
    public String op() {
        return "attention";
    }

    @Override
    public Answer supports(Composite c) {
        Attention op = (Attention) c.op();
        if (!op.spec().causal()) {
            return Answer.no("it is for causal attention");
        }
        return Answer.onlyIf(
                KNOWN_EXTRAS.containsAll(op.extras()),
                "it takes none of " + Sets.difference(op.extras(), KNOWN_EXTRAS));
    }

    @Override
    public List<String> emit(OnnxWriter w, Composite c) {
        AttentionSpec spec = ((Attention) c.op()).spec();
        Optional<String> sinks =
                c.findInput(AttentionInput.SINK_LOGITS.inputName()).map(w::name);
        String y = w.op(
                "Attention",
                List.of(
                        swapped(w, w.name(c.input("query"))),
                        sinks.map(s -> withZero(w, c.input("key"))).orElseGet(() -> w.name(c.input("key"))),
                        sinks.map(s -> withZero(w, c.input("value"))).orElseGet(() -> w.name(c.input("value"))),
                        sinks.map(s -> withSink(w, c, s)).orElseGet(() -> bias(w, c))),
                Attributes.of("scale", (float) spec.scale()),
                Attributes.of("softcap", (float) spec.softcap()));
        return List.of(swapped(
                w, seen(w, c).map(s -> w.op("Mul", List.of(y, s))).orElse(y)));
    }

    /** {@code [batch, heads, keys, dim]} with one more key, of zeros. */
    private static String withZero(OnnxWriter w, Value keys) {
        List<Dim> dims = new ArrayList<>(keys.type().dims());
        dims.set(2, Dim.of(1));
        String zero = w.op("Expand", List.of(w.scalar(0f), w.shape(dims)));
        return w.op("Concat", List.of(w.name(keys), zero), Attributes.of("axis", 2));
    }

    /** The bias with one more column, {@code F32[batch or 1, heads, seq, keys + 1]}. */
    private static String withSink(OnnxWriter w, Composite c, String sinks) {
        TensorType query = c.input("query").type();
        List<Dim> dims = new ArrayList<>();
        dims.add(c.findInput(AttentionInput.MASK.inputName())
                .map(mask -> mask.type().dim(0))
                .orElse(Dim.of(1)));
        dims.addAll(List.of(query.dim(2), query.dim(1), c.input("key").type().dim(2)));
        String bias = w.op("Expand", List.of(bias(w, c), w.shape(dims)));
        dims.set(3, Dim.of(1));
        String column = w.op("Unsqueeze", List.of(sinks, w.constant(0, 2, 3)));
        String each = w.op("Expand", List.of(column, w.shape(dims)));
        return w.op("Concat", List.of(bias, each), Attributes.of("axis", 3));
    }

    /** 1 for each token that sees any, else 0, if there is a mask: {@code F32[batch or 1, heads or 1, seq, 1]}. */
    private static Optional<String> seen(OnnxWriter w, Composite c) {
        AttentionSpec spec = ((Attention) c.op()).spec();
        Dim seq = c.input("query").type().dim(1);
        Dim keys = c.input("key").type().dim(2);
        return c.findInput(AttentionInput.MASK.inputName()).map(w::name).map(mask -> {
            Positions p = Positions.of(w, seq, keys);
            Object key =
                    List.of("tokens that see any", spec.window(), spec.sinkTokens(), spec.chunk(), mask, seq, keys);
            return w.once(key, root -> {
                String visible = root.op("And", List.of(p.visible(root, spec), mask));
                String each = root.op("Where", List.of(visible, root.scalar(1f), root.scalar(0f)));
                return root.op("ReduceMax", List.of(each, root.constant(-1)), Attributes.of("keepdims", 1));
            });
        });
    }

    /** {@code [batch, seq, heads, dim]} as {@code [batch, heads, seq, dim]}, or back. */
    private static String swapped(OnnxWriter w, String x) {
        return w.op("Transpose", List.of(x), Attributes.of("perm", 0, 2, 1, 3));
    }

    /** What is added to scores: {@code F32[batch or 1, heads or 1, seq, keys]}, −∞ where a token is not seen. */
    private static String bias(OnnxWriter w, Composite c) {
        AttentionSpec spec = ((Attention) c.op()).spec();
        Dim seq = c.input("query").type().dim(1);
        Dim keys = c.input("key").type().dim(2);
        Optional<Value> slopes = c.findInput(AttentionInput.ALIBI_SLOPES.inputName());
        Optional<String> mask = c.findInput(AttentionInput.MASK.inputName()).map(w::name);
        Positions p = Positions.of(w, seq, keys);
        Object key =
                List.of("masked attention", spec.window(), spec.sinkTokens(), spec.chunk(), mask, slopes, seq, keys);
        return w.once(key, root -> {
            String near = p.visible(root, spec);
            String visible = mask.map(m -> root.op(
                            "Or", List.of(root.op("And", List.of(near, m)), root.op("Equal", List.of(p.query, p.key)))))
                    .orElse(near);
            String shown = slopes.map(s -> p.alibi(root, root.name(s))).orElseGet(() -> root.scalar(0f));
            String bias = root.op("Where", List.of(visible, shown, root.scalar(Float.NEGATIVE_INFINITY)));
            // With a mask or slopes it has four axes.
            return mask.isPresent() || slopes.isPresent()
                    ? bias
                    : root.op("Unsqueeze", List.of(bias, root.constant(0, 1)));
        });
    }

    /**
     * Where queries and keys are.
     *
     * @param query {@code I64[seq, 1]}: the last one is at the last key
     * @param key {@code I64[keys]}
     */
    private record Positions(String query, String key) {
        static Positions of(OnnxWriter w, Dim seq, Dim keys) {
            String key = w.once("positions of " + keys, root -> range(root, keys));
            String query = w.once("positions of " + seq + " before " + keys, root -> {
                String first = root.op("Sub", List.of(root.size(keys), root.size(seq)));
                String all = root.op("Add", List.of(range(root, seq), first));
                return root.op("Unsqueeze", List.of(all, root.constant(1)));
            });
            return new Positions(query, key);
        }

        private static String range(OnnxWriter w, Dim size) {
            return w.op("Range", List.of(w.scalar(0L), w.size(size), w.scalar(1L)));
        }

        /** {@code BOOL[seq, keys]}. */
        String visible(OnnxWriter w, AttentionSpec spec) {
            String seen = w.op("LessOrEqual", List.of(key, query));
            if (spec.window() > 0) {
                String distance = w.op("Sub", List.of(query, key));
                String near = w.op("Less", List.of(distance, w.scalar((long) spec.window())));
                String kept = spec.sinkTokens() == 0
                        ? near
                        : w.op("Or", List.of(near, w.op("Less", List.of(key, w.scalar((long) spec.sinkTokens())))));
                seen = w.op("And", List.of(seen, kept));
            }
            if (spec.chunk() > 0) {
                String size = w.scalar((long) spec.chunk());
                String same =
                        w.op("Equal", List.of(w.op("Div", List.of(query, size)), w.op("Div", List.of(key, size))));
                seen = w.op("And", List.of(seen, same));
            }
            return seen;
        }

        /** Slope · (j − i): {@code F32[1, heads, seq, keys]}. */
        String alibi(OnnxWriter w, String slopes) {
            String distance = w.op("Sub", List.of(key, query));
            String real = w.op("Cast", List.of(distance), Attributes.of("to", 1));
            return w.op("Mul", List.of(w.op("Unsqueeze", List.of(slopes, w.constant(0, 2, 3))), real));
        }
    }
}
