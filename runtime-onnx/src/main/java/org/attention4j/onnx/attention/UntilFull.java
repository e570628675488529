package org.attention4j.onnx.attention;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Expansion;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.attention.CachedAttention;
import org.attention4j.core.mixer.attention.KvWrite;
import org.attention4j.core.state.Retention;
import org.attention4j.onnx.emit.Branches;
import org.attention4j.onnx.emit.LoweringContext;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxRewrite;
import org.attention4j.onnx.emit.OnnxWriter;

/**
 * Attention over a ring: as long as all tokens have a slot, it is a cache like any other, in which token i lies at slot i, and
 * {@link GroupQueryAttention} costs what the tokens seen cost; otherwise the ring is written first and read whole
 * ({@link WriteFirst}).
 */
@AutoService(OnnxLowering.class)
public final class UntilFull implements OnnxLowering {
    private static final GroupQueryAttention OPERATOR = new GroupQueryAttention();
    private static final WriteFirst RING = new WriteFirst();
    private static final KvScatter WRITE = new KvScatter();
    private static final long FASTER_SHARE = 3;

    @Override
    public String name() {
        return "group_query_attention_until_full";
    }

    @Override
    public String op() {
        return "cached_attention";
    }

    @Override
    public int priority() {
        return 19;
    }

    @Override
    public Answer supports(Composite c) {
        CachedAttention op = (CachedAttention) c.op();
        if (!(op.retention() instanceof Retention.Window)) {
            return Answer.no("it is for rings");
        }
        if (!c.input("past_key").type().dim(2).isFixed()) {
            return Answer.no("the ring must have a fixed size");
        }
        return RING.supports(c) instanceof Answer.No no ? no : GroupQueryAttention.supportsTokensInOrder(c);
    }

    @Override
    public Answer supports(Composite c, LoweringContext context) {
        return supports(c) instanceof Answer.No no ? no : GroupQueryAttention.cacheIsState(c, context);
    }

    @Override
    public List<OnnxRewrite.Limit> limits(Composite c) {
        return RING.limits(c);
    }

    @Override
    public List<String> emit(OnnxWriter w, Composite c) {
        Graph ring = Expansion.expand(
                ring(c),
                composite ->
                        composite.op() instanceof KvWrite ? Optional.empty() : Optional.of(composite.op()::decompose));
        List<String> results = Branches.on(
                w,
                takesOperator(w, c),
                Branches.lowered(c, OPERATOR),
                Branches.graph(ring, c.inputs(), composite -> Optional.of(WRITE)),
                3);
        w.updateInPlace(c.input("past_key"));
        w.updateInPlace(c.input("past_value"));
        return results;
    }

    private static Graph ring(Composite c) {
        GraphBuilder b = new GraphBuilder("ring");
        List<Value> inputs = new ArrayList<>();
        for (int i = 0; i < c.inputs().size(); i++) {
            inputs.add(b.input("in." + i, c.inputs().get(i).type()));
        }
        List<Value> results = RING.rewrite(b, c, inputs);
        for (int i = 0; i < results.size(); i++) {
            b.result("result." + i, results.get(i));
        }
        return b.build();
    }

    /**
     * Whether to take the operator: if the tokens seen and those of this run have a slot each. It reads what it has seen once for
     * each query head, the products read the whole ring once for each key/value head: for one new token these are faster from
     * about a third on.
     */
    private static String takesOperator(OnnxWriter w, Composite c) {
        Value position = c.input("position");
        Dim seq = c.input("query").type().dim(1);
        long slots = c.input("past_key").type().fixedDim(2);
        return w.once("takes operator " + position.id() + " " + seq + " " + slots, root -> {
            String seen = root.op("Squeeze", List.of(root.name(position), root.constant(new long[] {0})));
            String isOne = root.op("Equal", List.of(root.size(seq), root.scalar(1L)));
            String most = root.op("Where", List.of(isOne, root.scalar(slots / FASTER_SHARE), root.scalar(slots)));
            return root.op("LessOrEqual", List.of(root.op("Add", List.of(seen, root.size(seq))), most));
        });
    }
}
