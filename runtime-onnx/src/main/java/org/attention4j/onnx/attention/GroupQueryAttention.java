package org.attention4j.onnx.attention;

import com.google.auto.service.AutoService;
import com.google.common.collect.Sets;
import java.util.List;
import java.util.Set;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.attention.AttentionInput;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mixer.attention.CachedAttention;
import org.attention4j.core.state.Retention;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.emit.Attributes;
import org.attention4j.onnx.emit.LoweringContext;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxWriter;
import org.attention4j.onnx.proto.TensorProto.DataType;

/**
 * {@code com.microsoft.GroupQueryAttention}: prefill without a matrix of scores, decode at the cost of the tokens seen, and a
 * cache that it writes in place. It knows caches that keep every token of a single sequence. ALiBi's biases are written out, a
 * number for each head, new token and token.
 */
@AutoService(OnnxLowering.class)
public final class GroupQueryAttention implements OnnxLowering {
    private static final Set<AttentionInput> KNOWN_EXTRAS =
            Sets.immutableEnumSet(AttentionInput.SINK_LOGITS, AttentionInput.ALIBI_SLOPES);

    @Override
    public String name() {
        return "group_query_attention";
    }

    @Override
    public String op() {
        return "cached_attention";
    }

    @Override
    public int priority() {
        return 20;
    }

    @Override
    public Answer supports(Composite c) {
        boolean keepsAll = ((CachedAttention) c.op()).retention() instanceof Retention.All;
        return keepsAll ? supportsTokensInOrder(c) : Answer.no("its cache can't be a ring");
    }

    /** Whether it can compute attention to a cache in which each token lies at the slot of its position. */
    static Answer supportsTokensInOrder(Composite c) {
        CachedAttention op = (CachedAttention) c.op();
        AttentionSpec spec = op.spec();
        if (op.valuesInKeys()) {
            return Answer.no("it keeps values beside the keys, not in them");
        }
        if (!KNOWN_EXTRAS.containsAll(op.extras())) {
            return Answer.no("it takes none of " + Sets.difference(op.extras(), KNOWN_EXTRAS));
        }
        if (!c.input("query").type().dim(0).equals(Dim.of(1))) {
            return Answer.no("with a past it takes one sequence at a time");
        }
        if (spec.headDim() % 8 != 0 || spec.headDim() != spec.valueDim()) {
            return Answer.no(
                    "headDim %d and valueDim %d are not one multiple of 8".formatted(spec.headDim(), spec.valueDim()));
        }
        return Answer.onlyIf(spec.chunk() == 0 && spec.sinkTokens() == 0, "it has no chunks and no sink tokens");
    }

    @Override
    public Answer supports(Composite c, LoweringContext context) {
        return supports(c) instanceof Answer.No no ? no : cacheIsState(c, context);
    }

    static Answer cacheIsState(Composite c, LoweringContext context) {
        Graph graph = context.graph();
        return Answer.onlyIf(
                graph.states().containsKey(c.input("past_key").id())
                        && graph.states().containsKey(c.input("past_value").id()),
                "its cache must be a state of the graph: it is written in place");
    }

    @Override
    public List<String> emit(OnnxWriter w, Composite c) {
        CachedAttention op = (CachedAttention) c.op();
        AttentionSpec spec = op.spec();
        Value pastKey = c.input("past_key");
        Value pastValue = c.input("past_value");
        Dim seq = c.input("query").type().dim(1);
        String total = w.once("gqa total " + c.input("position").id() + " " + seq, root -> {
            String length = root.op("Add", List.of(root.name(c.input("position")), root.size(seq)));
            return root.op("Cast", List.of(length), Attributes.of("to", (long) DataType.INT32_VALUE));
        });
        String last = w.once("gqa last " + total, root -> {
            Tensor one = Tensor.zeros(DType.I32, Shape.of());
            one.setLong(0, 1);
            return root.op("Sub", List.of(total, root.constant("one", one)));
        });
        String totalScalar = w.once(
                "gqa total scalar " + total, root -> root.op("Squeeze", List.of(total, root.constant(new long[] {0}))));
        String bias = c.findInput(AttentionInput.ALIBI_SLOPES.inputName())
                .map(slopes -> alibi(w, slopes, c.input("position"), seq, totalScalar))
                .orElse("");
        String sinks =
                c.findInput(AttentionInput.SINK_LOGITS.inputName()).map(w::name).orElse("");
        List<String> inputs = List.of(
                flat(w, c.input("query")),
                flat(w, c.input("key")),
                flat(w, c.input("value")),
                w.name(pastKey),
                w.name(pastValue),
                last,
                totalScalar,
                "",
                "",
                "",
                bias,
                sinks);
        List<String> outputs = w.ops(
                "com.microsoft",
                "GroupQueryAttention",
                sinks.isEmpty() && bias.isEmpty() ? inputs.subList(0, 7) : inputs,
                3,
                Attributes.of("num_heads", (long) spec.numHeads()),
                Attributes.of("kv_num_heads", (long) spec.numKvHeads()),
                Attributes.of("scale", (float) spec.scale()),
                Attributes.of("softcap", (float) spec.softcap()),
                Attributes.of("local_window_size", spec.window() == 0 ? -1L : spec.window()));
        w.updateInPlace(pastKey);
        w.updateInPlace(pastValue);
        TensorType result = c.outputs().getFirst().type();
        w.know(outputs.get(0), flat(result));
        String y = w.reshape(outputs.get(0), result.dims());
        return List.of(y, outputs.get(1), outputs.get(2));
    }

    /** ALiBi's bias of each new token's score against each token, {@code [1, heads, seq, total]}: slope · (j − i). */
    private static String alibi(OnnxWriter w, Value slopes, Value position, Dim seq, String total) {
        return w.once("gqa alibi " + slopes.id() + " " + total, root -> {
            String zero = root.scalar(0L);
            String one = root.scalar(1L);
            String newTokens = root.op("Range", List.of(zero, root.size(seq), one));
            String i = root.op("Add", List.of(newTokens, root.name(position)));
            String all = root.op("Cast", List.of(total), Attributes.of("to", (long) DataType.INT64_VALUE));
            String j = root.op("Range", List.of(zero, all, one));
            String column = root.op("Unsqueeze", List.of(i, root.constant(1)));
            String distance = root.op("Sub", List.of(j, column));
            String real = root.op("Cast", List.of(distance), Attributes.of("to", (long) DataType.FLOAT_VALUE));
            String perHead = root.op("Unsqueeze", List.of(root.name(slopes), root.constant(0, 2, 3)));
            return root.op("Mul", List.of(real, perHead));
        });
    }

    /** {@code [batch, seq, heads, dim]} as {@code [batch, seq, heads·dim]}. */
    private static String flat(OnnxWriter w, Value x) {
        return w.reshape(w.name(x), flat(x.type()));
    }

    private static List<Dim> flat(TensorType t) {
        return List.of(t.dim(0), t.dim(1), t.dim(2).times(t.dim(3)));
    }
}
