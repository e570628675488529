package org.attention4j.core.mixer.linearattention;

import com.google.common.base.Suppliers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;

/**
 * Products of pairs of a chunk's tokens with the decay between them. Every factor is e to a sum of log decays, not to a
 * difference that could be positive, but where log decays are known to be small.
 */
abstract sealed class Pairs {
    /** Below this a factor is nothing beside 1 in float32; sums of such terms keep their precision. */
    private static final double LEAST_LOG_DECAY = -20;

    final GraphBuilder b;
    final int chunkSize;

    private Pairs(GraphBuilder b, int chunkSize) {
        this.b = b;
        this.chunkSize = chunkSize;
    }

    /** {@code [.., t, s]}: {@code Σ_d x_t,d y_s,d e^{E_t,d − L_s,d}} for s before t, else 0. */
    abstract Value before(Value x, Value y);

    /** {@code [.., t, s]}: {@code Σ_d x_t,d y_s,d e^{L_t,d − L_s,d}} for s up to t, else 0. */
    abstract Value upTo(Value x, Value y);

    /** {@code x_t ⊙ e^{L_t}}. */
    abstract Value faded(Value x);

    /** {@code x_t ⊙ e^{E_t}}. */
    abstract Value fadedBefore(Value x);

    /** {@code y_s ⊙ e^{L_C − L_s}}. */
    abstract Value toEnd(Value y);

    /** {@code e^{L_C}} as {@code [.., keyDim or 1, 1]}, if anything fades. */
    abstract Optional<Value> end();

    /** {@code diag(e^{L_C})} as {@code [.., keyDim, keyDim]}. */
    Value endMatrix(Dim keyDim) {
        Value identity = identity(keyDim);
        return end().map(e -> b.mul(identity, e)).orElse(identity);
    }

    private Value identity(Dim size) {
        Value index = b.iota(size);
        return b.cast(b.binary(BinaryKind.EQUAL, b.unsqueeze(index, 0), b.unsqueeze(index, 1)), DType.F32);
    }

    /** {@code BOOL[t, s]}: s is before t. */
    Value isBefore() {
        Value index = b.iota(Dim.of(chunkSize));
        return b.binary(BinaryKind.LESS, b.unsqueeze(index, 0), b.unsqueeze(index, 1));
    }

    /** Numbers for pairs {@code [.., t, s]} with zeros where s is not before t. */
    Value onlyBefore(Value x) {
        return b.mul(x, Masks.constant(b, chunkSize, (t, s) -> s < t));
    }

    /** Numbers for pairs {@code [.., t, s]} with zeros where s is after t. */
    Value onlyUpTo(Value x) {
        return b.mul(x, Masks.constant(b, chunkSize, (t, s) -> s <= t));
    }

    /** {@code [.., t, s]} with {@code Σ_d x_t,d y_t,d} where s is t, else 0. */
    Value ofSelf(Value x, Value y) {
        Value products = b.reduce(ReduceKind.SUM, b.mul(x, y), true, -1);
        return b.mul(products, Masks.constant(b, chunkSize, (t, s) -> s == t));
    }

    Value exp(Value x) {
        return b.unary(UnaryKind.EXP, x);
    }

    /** Log decays that can be summed. */
    static Value bounded(GraphBuilder b, Value logDecay) {
        return b.binary(BinaryKind.MAX, logDecay, b.scalar(DType.F32, LEAST_LOG_DECAY));
    }

    static Value transposed(GraphBuilder b, Value x) {
        int[] order = new int[x.type().rank()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        order[order.length - 1] = order.length - 2;
        order[order.length - 2] = order.length - 1;
        return b.transpose(x, order);
    }

    /** Without decay. */
    static final class OfUnchanged extends Pairs {
        OfUnchanged(GraphBuilder b, int chunkSize) {
            super(b, chunkSize);
        }

        @Override
        Value before(Value x, Value y) {
            return onlyBefore(b.matMul(x, transposed(b, y)));
        }

        @Override
        Value upTo(Value x, Value y) {
            return onlyUpTo(b.matMul(x, transposed(b, y)));
        }

        @Override
        Value faded(Value x) {
            return x;
        }

        @Override
        Value fadedBefore(Value x) {
            return x;
        }

        @Override
        Value toEnd(Value y) {
            return y;
        }

        @Override
        Optional<Value> end() {
            return Optional.empty();
        }
    }

    /** With one log decay for each head. */
    static final class OfHeads extends Pairs {
        private final Value logs;
        private final Value sums;
        private final Supplier<Value> before;
        private final Supplier<Value> upTo;

        /** @param logDecay {@code [batch, chunks, heads, chunkSize]} */
        OfHeads(GraphBuilder b, int chunkSize, Value logDecay) {
            super(b, chunkSize);
            this.logs = bounded(b, logDecay);
            this.sums = b.cumSum(logs, -1, false, false);
            // What lies between two tokens is a sum of its own: differences of long sums would lose the short ones.
            Value terms = onlyBefore(b.unsqueeze(logs, -1));
            this.before = Suppliers.memoize(() -> onlyBefore(exp(b.cumSum(terms, -2, true, false))));
            this.upTo = Suppliers.memoize(() -> onlyUpTo(exp(b.cumSum(terms, -2, false, false))));
        }

        @Override
        Value before(Value x, Value y) {
            return b.mul(b.matMul(x, transposed(b, y)), before.get());
        }

        @Override
        Value upTo(Value x, Value y) {
            return b.mul(b.matMul(x, transposed(b, y)), upTo.get());
        }

        @Override
        Value faded(Value x) {
            return b.mul(x, b.unsqueeze(exp(sums), -1));
        }

        @Override
        Value fadedBefore(Value x) {
            return b.mul(x, b.unsqueeze(exp(b.cumSum(logs, -1, true, false)), -1));
        }

        @Override
        Value toEnd(Value y) {
            return b.mul(y, b.unsqueeze(exp(b.cumSum(logs, -1, true, true)), -1));
        }

        @Override
        Optional<Value> end() {
            return Optional.of(b.unsqueeze(exp(b.slice(sums, -1, chunkSize - 1L, chunkSize)), -1));
        }
    }

    /**
     * With a log decay for each key entry.
     *
     * @param logDecay {@code [batch, chunks, heads, chunkSize, keyDim]}
     * @param isBounded whether e to the negative sum of a chunk's log decays is a number in float32
     */
    static Pairs ofKeys(GraphBuilder b, int chunkSize, Value logDecay, boolean isBounded) {
        return isBounded ? new OfBoundedKeys(b, chunkSize, logDecay) : new OfAnyKeys(b, chunkSize, logDecay);
    }

    private abstract static sealed class OfKeys extends Pairs {
        final Value logs;
        final Value sums;
        final Value sumsBefore;
        private final Supplier<Value> fading;
        private final Supplier<Value> fadingBefore;

        private OfKeys(GraphBuilder b, int chunkSize, Value logs) {
            super(b, chunkSize);
            this.logs = logs;
            this.sums = b.cumSum(logs, -2, false, false);
            this.sumsBefore = b.cumSum(logs, -2, true, false);
            this.fading = Suppliers.memoize(() -> exp(sums));
            this.fadingBefore = Suppliers.memoize(() -> exp(sumsBefore));
        }

        @Override
        Value faded(Value x) {
            return b.mul(x, fading.get());
        }

        @Override
        Value fadedBefore(Value x) {
            return b.mul(x, fadingBefore.get());
        }

        @Override
        Optional<Value> end() {
            return Optional.of(transposed(b, exp(atEnd())));
        }

        Value atEnd() {
            return b.slice(sums, -2, chunkSize - 1L, chunkSize);
        }
    }

    /** An exponential for each pair and key entry: they may fade as fast as they like. */
    private static final class OfAnyKeys extends OfKeys {
        private final Value between;

        private OfAnyKeys(GraphBuilder b, int chunkSize, Value logDecay) {
            super(b, chunkSize, bounded(b, logDecay));
            // [.., t, keyDim, s], so that products with it need no transposition
            Value differences = b.sub(b.unsqueeze(sumsBefore, -1), b.unsqueeze(transposed(b, sums), -3));
            Value mask = b.unsqueeze(isBefore(), 1);
            this.between = exp(b.where(mask, differences, b.scalar(DType.F32, Double.NEGATIVE_INFINITY)));
        }

        @Override
        Value before(Value x, Value y) {
            Value faded = b.mul(between, b.unsqueeze(transposed(b, y), -3));
            Value products = b.matMul(b.unsqueeze(x, -2), faded);
            List<Dim> dims = new ArrayList<>(products.type().dims());
            dims.remove(dims.size() - 2);
            return b.reshape(products, dims);
        }

        @Override
        Value upTo(Value x, Value y) {
            return b.add(before(b.mul(x, exp(logs)), y), ofSelf(x, y));
        }

        @Override
        Value toEnd(Value y) {
            return b.mul(y, exp(b.cumSum(logs, -2, true, true)));
        }
    }

    /** {@code e^{L_t − L_s} = e^{L_t} e^{−L_s}}, one factor with each token, since neither overflows nor vanishes. */
    private static final class OfBoundedKeys extends OfKeys {
        private final Supplier<Value> growing;

        private OfBoundedKeys(GraphBuilder b, int chunkSize, Value logDecay) {
            super(b, chunkSize, logDecay);
            this.growing = Suppliers.memoize(() -> exp(b.unary(UnaryKind.NEG, sums)));
        }

        @Override
        Value before(Value x, Value y) {
            return onlyBefore(b.matMul(fadedBefore(x), transposed(b, sinceStart(y))));
        }

        @Override
        Value upTo(Value x, Value y) {
            return onlyUpTo(b.matMul(faded(x), transposed(b, sinceStart(y))));
        }

        /** {@code y_s ⊙ e^{−L_s}}. */
        private Value sinceStart(Value y) {
            return b.mul(y, growing.get());
        }

        @Override
        Value toEnd(Value y) {
            return b.mul(sinceStart(y), exp(atEnd()));
        }
    }
}
