package org.attention4j.onnx.mla;

import com.google.auto.service.AutoService;
import com.google.common.collect.Sets;
import java.util.List;
import java.util.Set;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.attention.AttentionInput;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mixer.attention.CachedAttention;
import org.attention4j.core.state.Retention;
import org.attention4j.onnx.emit.Attributes;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxWriter;

/**
 * Attention to one key/value head that holds both keys and values: the queries of all heads are the rows of one product with the
 * cache, their weights the rows of another. The cache is written in place and read where it lies. The operators
 * {@code GroupQueryAttention} and {@code Attention} read it once for each head.
 */
@AutoService(OnnxLowering.class)
public final class LatentProducts implements OnnxLowering {
    /** Of padding nothing is asked: its keys come after all real ones, where no real query looks. */
    private static final Set<AttentionInput> KNOWN_EXTRAS = Sets.immutableEnumSet(AttentionInput.LENGTHS);

    @Override
    public String name() {
        return "latent_products";
    }

    @Override
    public String op() {
        return "cached_attention";
    }

    @Override
    public int priority() {
        return 15;
    }

    @Override
    public Answer supports(Composite c) {
        CachedAttention op = (CachedAttention) c.op();
        AttentionSpec spec = op.spec();
        if (!op.valuesInKeys() || spec.numKvHeads() != 1) {
            return Answer.no("it is for one key/value head with values in its keys");
        }
        if (!KNOWN_EXTRAS.containsAll(op.extras())) {
            return Answer.no("it takes none of " + Sets.difference(op.extras(), KNOWN_EXTRAS));
        }
        boolean plain = op.retention() instanceof Retention.All && spec.window() == 0 && spec.chunk() == 0;
        return Answer.onlyIf(plain && spec.softcap() == 0, "it attends to all tokens, without softcap");
    }

    @Override
    public List<String> emit(OnnxWriter w, Composite c) {
        AttentionSpec spec = ((CachedAttention) c.op()).spec();
        Value query = c.input("query");
        Value past = c.input("past_key");
        Dim batch = query.type().dim(0);
        Dim seq = query.type().dim(1);
        Dim heads = Dim.of(spec.numHeads());
        Dim slots = past.type().dim(2);
        Dim rows = heads.times(seq);
        Dim one = Dim.of(1);
        Dim keyDim = Dim.of(spec.headDim());

        String fresh = w.reshape(w.name(c.input("key")), List.of(batch, one, seq, keyDim));
        String cache = w.op(
                "TensorScatter", List.of(w.name(past), fresh, w.name(c.input("position"))), Attributes.of("axis", 2L));
        w.updateInPlace(past);
        w.states().reachesUpTo(past, c.input("position"), seq);

        String byHead = w.op("Transpose", List.of(w.name(query)), Attributes.of("perm", 0, 2, 1, 3));
        String scores = w.msOp(
                "FusedMatMul",
                List.of(w.reshape(byHead, List.of(batch, one, rows, keyDim)), cache),
                Attributes.of("transB", 1L),
                Attributes.of("alpha", (float) spec.scale()));
        String masked =
                w.op("Add", List.of(w.reshape(scores, List.of(batch, heads, seq, slots)), mask(w, c, seq, slots)));
        String weights = w.op("Softmax", List.of(masked), Attributes.of("axis", -1L));
        String sums = w.op("MatMul", List.of(w.reshape(weights, List.of(batch, one, rows, slots)), cache));
        String values = w.op(
                "Slice",
                List.of(sums, w.constant(new long[] {0}), w.constant(spec.valueDim()), w.constant(new long[] {3})));
        String result = w.op(
                "Transpose",
                List.of(w.reshape(values, List.of(batch, heads, seq, Dim.of(spec.valueDim())))),
                Attributes.of("perm", 0, 2, 1, 3));
        return List.of(result, cache);
    }

    /** {@code [batch, 1, seq, slots]}: 0 where the slot's token is not after the query's, else −∞. */
    private static String mask(OnnxWriter w, Composite c, Dim seq, Dim slots) {
        Value position = c.input("position");
        return w.once("latent mask " + position.id() + " " + seq + " " + slots, root -> {
            String first = root.op("Unsqueeze", List.of(root.name(position), root.constant(1, 2, 3)));
            String offsets = root.op("Range", List.of(root.scalar(0L), root.size(seq), root.scalar(1L)));
            String column = root.op("Unsqueeze", List.of(offsets, root.constant(1)));
            String last = root.op("Add", List.of(first, column));
            String slot = root.op("Range", List.of(root.scalar(0L), root.size(slots), root.scalar(1L)));
            String visible = root.op("LessOrEqual", List.of(slot, last));
            return root.op("Where", List.of(visible, root.scalar(0f), root.scalar(Float.NEGATIVE_INFINITY)));
        });
    }
}
