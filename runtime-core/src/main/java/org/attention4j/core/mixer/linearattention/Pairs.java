package org.attention4j.core.mixer.linearattention;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
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

    /** {@code x_t ⊙ e^{L_t}}. */
    abstract Value faded(Value x);

    /** {@code x_t ⊙ e^{E_t}}. */
    abstract Value fadedBefore(Value x);

    /** {@code x_t ⊙ e^{g_t}}. */
    abstract Value fadedOnce(Value x);

    /** {@code y_s ⊙ e^{L_C − L_s}}. */
    abstract Value toEnd(Value y);

    /** {@code e^{L_C}} as {@code [.., keyDim or 1, 1]}, if anything fades. */
    abstract Optional<Value> end();

    /** {@code diag(e^{L_C})} as {@code [.., keyDim, keyDim]}. */
    Value endMatrix(Dim keyDim) {
        Value identity = identity(keyDim);
        return end().map(e -> b.mul(identity, e)).orElse(identity);
    }

    /** {@code F32[chunkSize, chunkSize]}. */
    Value identity() {
        return identity(Dim.of(chunkSize));
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
            return b.where(isBefore(), b.matMul(x, transposed(b, y)), b.scalar(DType.F32, 0));
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
        Value fadedOnce(Value x) {
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
        private final Value upTo;
        private final Value between;

        /** @param logDecay {@code [batch, chunks, heads, chunkSize]} */
        OfHeads(GraphBuilder b, int chunkSize, Value logDecay) {
            super(b, chunkSize);
            this.logs = bounded(b, logDecay);
            this.upTo = b.cumSum(logs, -1, false, false);
            // Sums over s < r < t, each of its own terms: differences of long sums would lose the short ones.
            List<Dim> square = new ArrayList<>(logs.type().dims());
            square.add(Dim.of(chunkSize));
            Value terms = b.where(isBefore(), b.broadcast(b.unsqueeze(logs, -1), square), b.scalar(DType.F32, 0));
            Value sums = b.cumSum(terms, -2, true, false);
            this.between = b.where(isBefore(), exp(sums), b.scalar(DType.F32, 0));
        }

        @Override
        Value before(Value x, Value y) {
            return b.mul(b.matMul(x, transposed(b, y)), between);
        }

        @Override
        Value faded(Value x) {
            return b.mul(x, b.unsqueeze(exp(upTo), -1));
        }

        @Override
        Value fadedBefore(Value x) {
            return b.mul(x, b.unsqueeze(exp(b.cumSum(logs, -1, true, false)), -1));
        }

        @Override
        Value fadedOnce(Value x) {
            return b.mul(x, b.unsqueeze(exp(logs), -1));
        }

        @Override
        Value toEnd(Value y) {
            return b.mul(y, b.unsqueeze(exp(b.cumSum(logs, -1, true, true)), -1));
        }

        @Override
        Optional<Value> end() {
            return Optional.of(b.unsqueeze(exp(b.slice(upTo, -1, chunkSize - 1L, chunkSize)), -1));
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
        final Value upTo;
        final Value before;

        private OfKeys(GraphBuilder b, int chunkSize, Value logs) {
            super(b, chunkSize);
            this.logs = logs;
            this.upTo = b.cumSum(logs, -2, false, false);
            this.before = b.cumSum(logs, -2, true, false);
        }

        @Override
        Value faded(Value x) {
            return b.mul(x, exp(upTo));
        }

        @Override
        Value fadedBefore(Value x) {
            return b.mul(x, exp(before));
        }

        @Override
        Value fadedOnce(Value x) {
            return b.mul(x, exp(logs));
        }

        @Override
        Value toEnd(Value y) {
            return b.mul(y, exp(b.cumSum(logs, -2, true, true)));
        }

        @Override
        Optional<Value> end() {
            return Optional.of(transposed(b, exp(b.slice(upTo, -2, chunkSize - 1L, chunkSize))));
        }
    }

    /** An exponential for each pair and key entry: they may fade as fast as they like. */
    private static final class OfAnyKeys extends OfKeys {
        private final Value between;

        private OfAnyKeys(GraphBuilder b, int chunkSize, Value logDecay) {
            super(b, chunkSize, bounded(b, logDecay));
            // [.., t, keyDim, s], so that products with it need no transposition
            Value sums = b.sub(b.unsqueeze(before, -1), b.unsqueeze(transposed(b, upTo), -3));
            Value mask = b.unsqueeze(isBefore(), 1);
            this.between = exp(b.where(mask, sums, b.scalar(DType.F32, Double.NEGATIVE_INFINITY)));
        }

        @Override
        Value before(Value x, Value y) {
            Value faded = b.mul(between, b.unsqueeze(transposed(b, y), -3));
            Value products = b.matMul(b.unsqueeze(x, -2), faded);
            List<Dim> dims = new ArrayList<>(products.type().dims());
            dims.remove(dims.size() - 2);
            return b.reshape(products, dims);
        }
    }

    /** {@code e^{E_t − L_s} = e^{E_t} e^{−L_s}}, one factor with each token, since neither overflows nor vanishes. */
    private static final class OfBoundedKeys extends OfKeys {
        private final Value sinceStart;
        private final Value toStart;

        private OfBoundedKeys(GraphBuilder b, int chunkSize, Value logDecay) {
            super(b, chunkSize, logDecay);
            this.sinceStart = exp(before);
            this.toStart = exp(b.unary(UnaryKind.NEG, upTo));
        }

        @Override
        Value before(Value x, Value y) {
            Value products = b.matMul(b.mul(x, sinceStart), transposed(b, b.mul(y, toStart)));
            return b.where(isBefore(), products, b.scalar(DType.F32, 0));
        }

        @Override
        Value fadedBefore(Value x) {
            return b.mul(x, sinceStart);
        }
    }
}
