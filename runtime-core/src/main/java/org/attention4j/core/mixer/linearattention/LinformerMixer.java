package org.attention4j.core.mixer.linearattention;

import com.google.common.collect.ImmutableList;
import java.util.EnumSet;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.MixContext;
import org.attention4j.core.mixer.ParameterSpec;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.attention.Attention;
import org.attention4j.core.mixer.attention.AttentionInput;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.state.StateSpec;

/**
 * Linformer (Wang et al. 2020, arXiv:2006.04768, eq. 7): softmax attention to {@code rank} mixtures of all keys, {@code EᵀK}, and of
 * all values, {@code FᵀV}, so that its cost grows with the sequence and not with its square. Not causal. Parameters: {@code
 * to_q.weight [heads·headDim, hidden]}, {@code to_k} and {@code to_v.weight [kvHeads·headDim, hidden]}, {@code proj_k} (E) and {@code
 * proj_v} (F) {@code [maxSeq, rank]}, of which a shorter sequence uses the first rows, {@code to_out.weight [hidden, heads·headDim]},
 * {@code to_out.bias}.
 */
public final class LinformerMixer implements SequenceMixer {
    private final int hiddenSize;
    private final AttentionSpec spec;
    private final int maxSeq;
    private final int rank;

    /**
     * @param numKvHeads as many as heads, or one for all
     * @param maxSeq the longest sequence
     * @param rank how many mixtures there are
     */
    public LinformerMixer(int hiddenSize, int numHeads, int numKvHeads, int headDim, int maxSeq, int rank) {
        this.hiddenSize = hiddenSize;
        this.spec = AttentionSpec.bidirectional(numHeads, numKvHeads, headDim);
        this.maxSeq = maxSeq;
        this.rank = rank;
    }

    @Override
    public String name() {
        return "linformer";
    }

    @Override
    public String describe() {
        return "%d heads of %d, %d kv, rank %d, up to %d tokens"
                .formatted(spec.numHeads(), spec.headDim(), spec.numKvHeads(), rank, maxSeq);
    }

    @Override
    public StateSpec state() {
        return new StateSpec.None();
    }

    @Override
    public List<Form> forms() {
        return ImmutableList.of(Form.PARALLEL);
    }

    @Override
    public List<ParameterSpec> parameters() {
        long kv = (long) spec.numKvHeads() * spec.headDim();
        long q = (long) spec.numHeads() * spec.headDim();
        return ImmutableList.of(
                ParameterSpec.of("to_q.weight", q, hiddenSize),
                ParameterSpec.of("to_k.weight", kv, hiddenSize),
                ParameterSpec.of("to_v.weight", kv, hiddenSize),
                ParameterSpec.of("proj_k", maxSeq, rank),
                ParameterSpec.of("proj_v", maxSeq, rank),
                ParameterSpec.of("to_out.weight", hiddenSize, q));
    }

    @Override
    public Mixed mix(MixContext c, Form form, Value x, List<Value> state) {
        GraphBuilder b = c.builder();
        Dim batch = x.type().dim(0);
        Dim seq = x.type().dim(1);
        Value query = b.reshape(c.linear("to_q", x), batch, seq, Dim.of(spec.numHeads()), Dim.of(spec.headDim()));
        Value key = mixtures(c, "proj_k", c.unlessPadding(c.linear("to_k", x), 0));
        Value value = mixtures(c, "proj_v", c.unlessPadding(c.linear("to_v", x), 0));
        Attention attention = new Attention(spec, EnumSet.noneOf(AttentionInput.class));
        Value y = b.call(attention, List.of(query, key, value)).getFirst();
        Value flat = b.reshape(y, batch, seq, Dim.of((long) spec.numHeads() * spec.headDim()));
        return new Mixed(c.linear("to_out", flat), ImmutableList.of());
    }

    /** {@code [batch, kvHeads, rank, headDim]}. */
    private Value mixtures(MixContext c, String name, Value x) {
        GraphBuilder b = c.builder();
        Value rows = b.gather(b.toF32(c.parameters().get(name)), b.iota(x.type().dim(1)), 0);
        Value mixed = b.matMul(b.transpose(rows, 1, 0), x);
        Value heads =
                b.reshape(mixed, x.type().dim(0), Dim.of(rank), Dim.of(spec.numKvHeads()), Dim.of(spec.headDim()));
        return b.transpose(heads, 0, 2, 1, 3);
    }
}
