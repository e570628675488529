package org.attention4j.core.mixer.linearattention;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mixer.MixedValues;
import org.attention4j.core.mixer.ValueMixing;
import org.attention4j.core.mixer.recurrence.ChunkedRecurrence;
import org.attention4j.core.tensor.DType;

/**
 * Equations (1) and (2) of this package.
 *
 * <p>Inputs, all F32: {@code state [batch, heads, keyDim, valueDim]}; {@code query} and {@code key [batch, seq, heads, keyDim]},
 * {@code value [batch, seq, heads, valueDim]}; {@code log_decay}, as {@link Decay} says; {@code remove} (a) and {@code write} (b)
 * {@code [batch, seq, heads, keyDim]} if {@code lowRank}; {@code bonus [heads, keyDim]} (u) if {@code readBefore}. Results: y
 * {@code [batch, seq, heads, valueDim]} and the state after the last token.
 *
 * @param decay what fades together
 * @param lowRank whether a part of the state is replaced: the delta rule and its relatives
 * @param readBefore whether a token reads the state without itself, and itself by {@code bonus}: (2′)
 * @param scale a factor of the output
 * @param chunkSize tokens in a chunk
 * @param leastLogDecay no log decay is below this; −∞ where that is not known. If the sum of so many over a chunk is far from
 *     what float32 can hold, pairs of tokens need no exponentials of their own
 */
public record LinearRecurrence(
        Decay decay, boolean lowRank, boolean readBefore, double scale, int chunkSize, double leastLogDecay)
        implements ChunkedRecurrence, ValueMixing {
    /** What {@link #of} takes where one number per head and token makes pairs of tokens cheap. */
    private static final int LONG_CHUNK = 64;

    /** And where every pair of tokens costs {@code keyDim} exponentials. */
    private static final int SHORT_CHUNK = 16;

    /** And where matrices of pairs are inverted. */
    private static final int INVERTED_CHUNK = 32;

    /** e to this and e to its negative are normal numbers in float32, and so are their products with most others. */
    private static final double LARGEST_EXPONENT = 60;

    public LinearRecurrence {
        if (chunkSize < 1) {
            throw new IllegalArgumentException(
                    "linear_recurrence: chunkSize %d, expected at least 1".formatted(chunkSize));
        }
        if (!(leastLogDecay <= 0)) {
            throw new IllegalArgumentException(
                    "linear_recurrence: leastLogDecay %s, expected at most 0".formatted(leastLogDecay));
        }
    }

    /** With any log decays. */
    public LinearRecurrence(Decay decay, boolean lowRank, boolean readBefore, double scale, int chunkSize) {
        this(decay, lowRank, readBefore, scale, chunkSize, Double.NEGATIVE_INFINITY);
    }

    /** With the usual chunk size. */
    public static LinearRecurrence of(Decay decay, boolean lowRank, boolean readBefore, double scale) {
        int chunkSize = lowRank ? INVERTED_CHUNK : LONG_CHUNK;
        return new LinearRecurrence(decay, lowRank, readBefore, scale, decay == Decay.KEY ? SHORT_CHUNK : chunkSize);
    }

    /** The same with log decays that are never below {@code least}, and longer chunks if it allows them. */
    public LinearRecurrence withLeastLogDecay(double least) {
        int longest = lowRank ? INVERTED_CHUNK : LONG_CHUNK;
        int size = isBounded(longest, least) ? longest : chunkSize;
        return new LinearRecurrence(decay, lowRank, readBefore, scale, size, least);
    }

    /** Whether e to the sum of a chunk's log decays, and its inverse, are far from the ends of float32. */
    boolean isBounded() {
        return isBounded(chunkSize, leastLogDecay);
    }

    private static boolean isBounded(int chunkSize, double least) {
        return -least * chunkSize <= LARGEST_EXPONENT;
    }

    @Override
    public String name() {
        return "linear_recurrence";
    }

    @Override
    public List<String> inputNames() {
        ImmutableList.Builder<String> names = ImmutableList.<String>builder().add("state", "query", "key", "value");
        if (decay != Decay.NONE) {
            names.add("log_decay");
        }
        if (lowRank) {
            names.add("remove", "write");
        }
        if (readBefore) {
            names.add("bonus");
        }
        return names.build();
    }

    @Override
    public Optional<MixedValues> mixedValues() {
        return Optional.of(new MixedValues("value", 1, MixedValues.Mixing.BY_HEAD, false));
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        InputTypes in = InputTypes.of(this, inputs);
        TensorType query = in.activation("query", 4);
        in.require(query.rank() == 4, "query", "F32[batch, seq, heads, keyDim]");
        Dim batch = query.dim(0);
        Dim seq = query.dim(1);
        Dim heads = query.dim(2);
        Dim keyDim = query.dim(3);
        TensorType value = in.activation("value", 4);
        in.require(
                value.without(3).equals(query.without(3)),
                "value",
                "F32[%s, %s, %s, valueDim]".formatted(batch, seq, heads));
        in.exactly("key", DType.F32, batch, seq, heads, keyDim);
        TensorType state = in.exactly("state", DType.F32, batch, heads, keyDim, value.dim(3));
        switch (decay) {
            case NONE -> {}
            case HEAD -> in.exactly("log_decay", DType.F32, batch, seq, heads);
            case KEY -> in.exactly("log_decay", DType.F32, batch, seq, heads, keyDim);
        }
        if (lowRank) {
            in.exactly("remove", DType.F32, batch, seq, heads, keyDim);
            in.exactly("write", DType.F32, batch, seq, heads, keyDim);
        }
        if (readBefore) {
            in.exactly("bonus", DType.F32, heads, keyDim);
        }
        return ImmutableList.of(value, state);
    }

    @Override
    public int numStates() {
        return 1;
    }

    @Override
    public int numSequences() {
        return inputNames().size() - 1 - (readBefore ? 1 : 0);
    }

    /** Zeros: no decay, nothing removed, nothing added. */
    @Override
    public double neutral(int sequence) {
        return 0;
    }

    @Override
    public List<Value> step(GraphBuilder b, List<Value> in) {
        Value before = in.get(0);
        Value key = b.unsqueeze(in.get(2), -1);
        Value value = b.unsqueeze(in.get(3), -2);
        Value kept = before;
        if (decay != Decay.NONE) {
            Value factor = b.unary(UnaryKind.EXP, find(in, "log_decay"));
            kept = b.mul(b.unsqueeze(decay == Decay.HEAD ? b.unsqueeze(factor, -1) : factor, -1), before);
        }
        Value after = b.add(kept, lowRank ? written(b, in, before, key, value) : b.mul(key, value));
        Value read = after;
        if (readBefore) {
            read = b.add(before, b.mul(b.unsqueeze(find(in, "bonus"), -1), b.mul(key, value)));
        }
        Value y = b.matMul(b.unsqueeze(scaled(b, in.get(1)), -2), read);
        return ImmutableList.of(after, b.reduce(ReduceKind.SUM, y, false, -2));
    }

    /** {@code b (aᵀ S) + k vᵀ}, both at once: the state is large beside all else. */
    private Value written(GraphBuilder b, List<Value> in, Value before, Value key, Value value) {
        Value removed = b.matMul(b.unsqueeze(find(in, "remove"), -2), before);
        Value write = b.unsqueeze(find(in, "write"), -1);
        return b.matMul(b.concat(-1, write, key), b.concat(-2, removed, value));
    }

    @Override
    public Prepared prepare(GraphBuilder b, List<Value> in) {
        return new Chunks(this, b, in).prepare();
    }

    /** {@code S' = F S + H}, where F is a diagonal or a matrix; what the chunk gives is the state before it. */
    @Override
    public List<Value> chunk(GraphBuilder b, List<Value> in) {
        Value before = in.get(0);
        Value faded = before;
        if (lowRank) {
            faded = b.matMul(in.get(2), before);
        } else if (decay != Decay.NONE) {
            faded = b.mul(in.get(2), before);
        }
        return ImmutableList.of(b.add(faded, in.get(1)), before);
    }

    /** {@code y = Q S + O}. */
    @Override
    public List<Value> finish(GraphBuilder b, List<Value> ofChunks, List<Value> kept) {
        Value y = b.add(b.matMul(kept.get(0), ofChunks.getFirst()), kept.get(1));
        return ImmutableList.of(b.transpose(y, 0, 1, 3, 2, 4));
    }

    /**
     * Of (2′) what a token reads of itself, {@code scale · (Σ_d q_d u_d k_d) v}, for those who compute the rest elsewhere.
     *
     * @param query {@code [batch, seq, heads, keyDim]}, as key
     * @param value {@code [batch, seq, heads, valueDim]}
     * @param bonus {@code [heads, keyDim]}
     * @return of value's type
     */
    public Value self(GraphBuilder b, Value query, Value key, Value value, Value bonus) {
        Value products = b.mul(b.mul(scaled(b, query), key), bonus);
        return b.mul(b.reduce(ReduceKind.SUM, products, true, -1), value);
    }

    /** The queries times the scale. */
    Value scaled(GraphBuilder b, Value query) {
        return scale == 1 ? query : b.mul(query, scale);
    }

    /** The value that the op calls {@code inputName}; {@code in} may lack the first inputs. */
    Value find(List<Value> in, String inputName) {
        List<String> names = inputNames();
        return in.get(names.indexOf(inputName) - (names.size() - in.size()));
    }
}
