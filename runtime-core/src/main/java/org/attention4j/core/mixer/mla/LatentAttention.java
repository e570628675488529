package org.attention4j.core.mixer.mla;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.attention.Attention;
import org.attention4j.core.mixer.attention.AttentionInput;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mixer.attention.CachedAttention;
import org.attention4j.core.mixer.attention.KvWrite;
import org.attention4j.core.state.Retention;
import org.attention4j.core.tensor.DType;

/**
 * Causal attention of new tokens to a cache of latent vectors and to each other, and the cache with the new tokens in it: see
 * the package's formulas.
 *
 * <p>Inputs: {@code query [batch, seq, numHeads, nopeDim + ropeDim]}, rotated; {@code latent [batch, seq, 1, rank + ropeDim]} of
 * the new tokens, {@code past [batch, 1, slots, rank + ropeDim]}, {@code position I64[batch]}: tokens seen before,
 * {@code key_up [numHeads, nopeDim, rank]}, {@code value_up [numHeads, valueDim, rank]}; then {@code lengths I64[batch]}, if it
 * is there: how many of the new tokens are no padding. All but the I64 are F32. Results:
 * {@code F32[batch, seq, numHeads, valueDim]} and the next cache.
 *
 * <p>The decomposition is the expanded way; {@link #absorb} appends the absorbed one.
 *
 * @param spec what is computed in the expanded way; of every token before
 * @param rank entries of the compressed keys and values
 * @param ropeDim entries of the rotated key that follows them in the cache
 * @param lengths whether there are lengths
 */
public record LatentAttention(AttentionSpec spec, int rank, int ropeDim, boolean lengths) implements CompositeOp {
    private static final Retention ALL = new Retention.All();

    public LatentAttention {
        requireSizes(spec, rank, ropeDim);
    }

    static void requireSizes(AttentionSpec spec, int rank, int ropeDim) {
        if (rank < 1) {
            throw new IllegalArgumentException("mla: kvLoraRank %d is not positive".formatted(rank));
        }
        if (ropeDim >= spec.headDim()) {
            throw new IllegalArgumentException(
                    "mla: headDim is %d, expected more than the %d rotated entries".formatted(spec.headDim(), ropeDim));
        }
        if (spec.numKvHeads() != spec.numHeads()) {
            throw new IllegalArgumentException("mla: numKvHeads is %d, expected one for each of numHeads %d"
                    .formatted(spec.numKvHeads(), spec.numHeads()));
        }
        if (!spec.causal() || spec.window() > 0) {
            throw new IllegalArgumentException("mla: expected causal attention to all tokens, got " + spec);
        }
    }

    @Override
    public String name() {
        return "latent_attention";
    }

    @Override
    public List<String> inputNames() {
        ImmutableList.Builder<String> names = ImmutableList.builder();
        names.add("query", "latent", "past", "position", "key_up", "value_up");
        return lengths ? names.add("lengths").build() : names.build();
    }

    /** The spec of the absorbed way: one key/value head, whose values are the first entries of its keys. */
    public AttentionSpec absorbed() {
        return AttentionSpec.causal(spec.numHeads(), 1, rank + ropeDim)
                .withValueDim(rank)
                .withScale(spec.scale())
                .withSoftcap(spec.softcap())
                .withChunk(spec.chunk());
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        InputTypes in = InputTypes.of(this, inputs);
        TensorType query = in.activation("query", 4);
        Dim batch = query.dim(0);
        Dim seq = query.dim(1);
        Dim heads = Dim.of(spec.numHeads());
        Dim kept = Dim.of((long) rank + ropeDim);
        in.exactly("query", DType.F32, batch, seq, heads, Dim.of(spec.headDim()));
        in.exactly("latent", DType.F32, batch, seq, Dim.of(1), kept);
        TensorType past = in.activation("past", 4);
        in.exactly("past", DType.F32, batch, Dim.of(1), past.dim(2), kept);
        in.exactly("position", DType.I64, batch);
        in.exactly("key_up", DType.F32, heads, Dim.of(spec.headDim() - ropeDim), Dim.of(rank));
        in.exactly("value_up", DType.F32, heads, Dim.of(spec.valueDim()), Dim.of(rank));
        if (lengths) {
            in.exactly("lengths", DType.I64, batch);
        }
        return ImmutableList.of(TensorType.of(DType.F32, batch, seq, heads, Dim.of(spec.valueDim())), past);
    }

    /** Keys and values are made of the whole cache, with the new tokens in it. */
    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> in) {
        Value query = in.get(0);
        Value position = in.get(3);
        Dim seq = query.type().dim(1);
        Value added = lengths ? in.get(6) : b.sizeOf(seq);
        Value length = b.add(position, added);
        Value fresh = b.transpose(in.get(1), 0, 2, 1, 3);
        Value cache = b.apply(new KvWrite(ALL), in.get(2), fresh, position, length);

        Value latent = b.slice(cache, 3, 0, rank);
        Value unrotated = b.matMulTransposed(latent, in.get(4));
        List<Dim> perHead = new ArrayList<>(unrotated.type().dims());
        perHead.set(3, Dim.of(ropeDim));
        Value rotated = b.broadcast(b.slice(cache, 3, rank, PrimitiveOp.TO_END), perHead);
        Value keys = b.concat(3, unrotated, rotated);
        Value values = b.matMulTransposed(latent, in.get(5));

        Attention attention =
                new Attention(spec, ImmutableSet.of(AttentionInput.QUERY_POSITIONS, AttentionInput.KEY_POSITIONS));
        Value queryPositions = b.add(b.unsqueeze(position, 1), b.unsqueeze(b.iota(seq), 0));
        Value keyPositions = filled(b, cache.type().dim(2), length);
        return ImmutableList.of(b.apply(attention, query, keys, values, queryPositions, keyPositions), cache);
    }

    /** Each slot's own number, {@code I64[batch, slots]}, or −1 if it is empty. */
    private static Value filled(GraphBuilder b, Dim slots, Value length) {
        Value slot = b.unsqueeze(b.iota(slots), 0);
        return b.where(b.binary(BinaryKind.LESS, slot, b.unsqueeze(length, 1)), slot, b.scalar(DType.I64, -1));
    }

    /** Appends the same by the absorbed way: {@link CachedAttention} to the cache as it is, with values in its keys. */
    public List<Value> absorb(GraphBuilder b, List<Value> in) {
        Value query = in.get(0);
        int nopeDim = spec.headDim() - ropeDim;
        Value toLatent = perHead(b, b.slice(query, 3, 0, nopeDim), in.get(4));
        Value absorbedQuery = b.concat(3, toLatent, b.slice(query, 3, nopeDim, PrimitiveOp.TO_END));
        Set<AttentionInput> extras = lengths ? ImmutableSet.of(AttentionInput.LENGTHS) : ImmutableSet.of();
        List<Value> given = new ArrayList<>(List.of(absorbedQuery, in.get(1), in.get(2), in.get(3)));
        if (lengths) {
            given.add(in.get(6));
        }
        List<Value> out = b.call(new CachedAttention(absorbed(), ALL, extras, true), given);
        Value y = perHead(b, out.get(0), b.transpose(in.get(5), 0, 2, 1));
        return ImmutableList.of(y, out.get(1));
    }

    /** x {@code [batch, seq, numHeads, m]} times each head's own matrix {@code [numHeads, m, n]}. */
    private static Value perHead(GraphBuilder b, Value x, Value matrices) {
        return b.transpose(b.matMul(b.transpose(x, 0, 2, 1, 3), matrices), 0, 2, 1, 3);
    }
}
