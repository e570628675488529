package org.attention4j.core.generate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.attention4j.core.session.TopLogits;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;

/**
 * Chooses the tokens of one sequence, as {@link SamplingOptions} says. It remembers recent tokens and where its random
 * numbers are, so each sequence has its own. Not thread-safe.
 */
public final class Sampler {
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final SamplingOptions options;
    private final float[] logits;
    private final double[] weights;
    private final Candidates candidates;
    private final RecentTokens recent;
    private final SplittableRandom random;

    /** A sampler at the start of a sequence, for a model with logits for {@code vocabSize} tokens. */
    public Sampler(SamplingOptions options, int vocabSize) {
        boolean draws = options.temperature() > 0;
        this.options = options;
        this.logits = new float[vocabSize];
        this.weights = new double[draws ? vocabSize : 0];
        this.candidates = new Candidates(isCut() ? logits : new float[0]);
        this.recent = new RecentTokens(options.repetitionWindow(), options.repetitionPenalty());
        this.random =
                options.seed().isPresent() ? new SplittableRandom(options.seed().getAsLong()) : new SplittableRandom();
    }

    /** Whether top-k or top-p has tokens taken in the order of their probabilities. */
    private boolean isCut() {
        return options.temperature() > 0 && (options.topK() > 0 || options.topP() < 1);
    }

    /** Tells that the sequence goes on with this token, of the prompt or chosen. */
    public void accept(int token) {
        if (options.repetitionPenalty() != 1) {
            recent.add(token);
        }
    }

    /**
     * Chooses a token. {@code -Infinity} rules one out.
     *
     * @param next {@code F32[n]}: logits of the ids from 0 on; with {@code n} less than the vocabulary's size, of the first ones
     * @throws IllegalArgumentException if a logit is NaN or positive infinity, or none is finite
     */
    public int sample(Tensor next) {
        int n = read(next);
        if (options.repetitionPenalty() != 1) {
            recent.penalize(logits, n);
        }
        return choose(n);
    }

    /**
     * How many of the largest logits are enough to choose a token; empty if it takes all. See {@link #sample(TopLogits, int)}.
     */
    public OptionalInt enough() {
        if (options.repetitionPenalty() != 1 || (options.temperature() > 0 && options.topK() == 0)) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(options.temperature() == 0 ? 1 : options.topK());
    }

    /**
     * Chooses the token that {@link #sample(Tensor)} would choose from all logits.
     *
     * @param top at least {@link #enough} of the largest logits, or all
     * @param n how many tokens there are to choose from
     * @throws IllegalArgumentException as {@link #sample(Tensor)}
     */
    public int sample(TopLogits top, int n) {
        float highest = (float) top.logits().getDouble(0);
        if (!(highest < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("logits: token %d has %s, expected a number"
                    .formatted(top.ids().getLong(0), highest));
        }
        int count = Math.toIntExact(Math.min(n, top.logits().shape().elements()));
        for (int rank = 0; rank < count; rank++) {
            logits[rank] = (float) top.logits().getDouble(rank);
        }
        // A token's place is its rank now, and of equal logits the first is the lower id: so the same one is chosen.
        return Math.toIntExact(top.ids().getLong(choose(count)));
    }

    /** The place of the token among the first {@code n} of {@link #logits}. */
    private int choose(int n) {
        int best = mostProbable(n);
        if (options.temperature() == 0) {
            return best;
        }
        float highest = logits[best];
        double total = 0;
        for (int i = 0; i < n; i++) {
            weights[i] = Math.exp((logits[i] - highest) / options.temperature());
            total += weights[i];
        }
        return isCut() ? drawFromFirst(n, total) : drawFromAll(n, total);
    }

    private int read(Tensor next) {
        long n = next.shape().elements();
        if (next.dtype() != DType.F32 || next.shape().rank() != 1 || n < 1 || n > logits.length) {
            throw new IllegalArgumentException(
                    "logits: got %s, expected F32[n] with n from 1 to %d".formatted(next, logits.length));
        }
        MemorySegment.copy(next.data(), F32, 0, logits, 0, (int) n);
        return (int) n;
    }

    private int mostProbable(int n) {
        int best = 0;
        for (int i = 0; i < n; i++) {
            float x = logits[i];
            if (!(x < Float.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("logits: token %d has %s, expected a number".formatted(i, x));
            }
            if (x > logits[best]) {
                best = i;
            }
        }
        if (logits[best] == Float.NEGATIVE_INFINITY) {
            throw new IllegalArgumentException("logits: all of %d tokens are ruled out".formatted(n));
        }
        return best;
    }

    /** Without top-k and top-p the order of the tokens doesn't matter. */
    private int drawFromAll(int n, double total) {
        double kept = total;
        if (options.minP() > 0) {
            kept = 0;
            for (int i = 0; i < n; i++) {
                weights[i] = weights[i] < options.minP() ? 0 : weights[i];
                kept += weights[i];
            }
        }
        double left = random.nextDouble() * kept;
        int last = 0;
        for (int i = 0; i < n; i++) {
            if (weights[i] > 0) {
                last = i;
                left -= weights[i];
                if (left < 0) {
                    break;
                }
            }
        }
        return last;
    }

    private int drawFromFirst(int n, double total) {
        candidates.fill(n);
        int count = options.topK() == 0 ? n : Math.min(options.topK(), n);
        double mass = total;
        if (options.topK() > 0) {
            candidates.take(count);
            mass = sum(n, count);
        }
        int taken = options.topK() > 0 ? count : 0;
        double enough = options.topP() * mass;
        double kept = 0;
        int chosen = 0;
        while (chosen < count && (chosen == 0 || kept < enough)) {
            if (chosen >= taken) {
                candidates.take(1);
            }
            double weight = weights[candidates.taken(n, chosen)];
            if (chosen > 0 && (weight == 0 || weight < options.minP())) {
                break;
            }
            kept += weight;
            chosen++;
        }
        return drawFromTaken(n, chosen, random.nextDouble() * kept);
    }

    private double sum(int n, int count) {
        double sum = 0;
        for (int rank = 0; rank < count; rank++) {
            sum += weights[candidates.taken(n, rank)];
        }
        return sum;
    }

    private int drawFromTaken(int n, int chosen, double at) {
        double left = at;
        int rank = 0;
        while (rank < chosen - 1) {
            left -= weights[candidates.taken(n, rank)];
            if (left < 0) {
                break;
            }
            rank++;
        }
        return candidates.taken(n, rank);
    }
}
