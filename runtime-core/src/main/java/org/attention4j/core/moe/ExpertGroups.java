package org.attention4j.core.moe;

import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;

/**
 * Experts in groups of consecutive ones, of which each token uses a few: a group usually lies on one device.
 *
 * @param count how many groups there are
 * @param chosen how many of them a token uses
 * @param score what groups are chosen by
 */
public record ExpertGroups(int count, int chosen, Score score) {
    /** What groups are chosen by. */
    public enum Score {
        /** The largest score of the group's experts. */
        MAX(1),
        /** The sum of the two largest scores of the group's experts. */
        TOP2_SUM(2);

        private final int experts;

        Score(int experts) {
            this.experts = experts;
        }
    }

    public ExpertGroups {
        if (chosen < 1 || chosen > count) {
            throw new IllegalArgumentException(
                    "routing: %d groups chosen of %d, expected 1 to %d".formatted(chosen, count, Math.max(1, count)));
        }
    }

    /**
     * Fails unless {@code topK} experts can be chosen of {@code experts}.
     *
     * @throws IllegalArgumentException saying which number does not fit
     */
    void require(long experts, int topK) {
        if (experts % count != 0) {
            throw new IllegalArgumentException(
                    "routing: %d experts are not a multiple of %d groups".formatted(experts, count));
        }
        long size = experts / count;
        if (size < score.experts) {
            throw new IllegalArgumentException("routing: groups of %d experts, expected at least %d for the score %s"
                    .formatted(size, score.experts, score));
        }
        if (topK > chosen * size) {
            throw new IllegalArgumentException(
                    "routing: topK %d is more than the %d experts of %d groups".formatted(topK, chosen * size, chosen));
        }
    }

    /** Scores {@code [..., experts]}, −∞ outside the chosen groups. */
    Value mask(GraphBuilder b, Value scores) {
        List<Dim> leading = scores.type().dims().subList(0, scores.type().rank() - 1);
        long experts = scores.type().fixedDim(-1);
        Value grouped = b.reshape(scores, with(leading, Dim.of(count), Dim.of(experts / count)));
        Value best = b.topK(grouped, score.experts, -1).getFirst();
        Value groupScores = b.reduce(ReduceKind.SUM, best, false, -1);
        Value groups = b.topK(groupScores, chosen, -1).getLast();

        Value none = b.broadcast(b.scalar(DType.F32, 0), with(leading, Dim.of(count)));
        Value ones = b.broadcast(b.scalar(DType.F32, 1), with(leading, Dim.of(chosen)));
        Value isChosen = b.binary(BinaryKind.LESS, b.scalar(DType.F32, 0), b.scatterAdd(none, groups, ones, -1));
        Value masked = b.where(b.unsqueeze(isChosen, -1), grouped, b.scalar(DType.F32, Double.NEGATIVE_INFINITY));
        return b.reshape(masked, scores.type().dims());
    }

    private static List<Dim> with(List<Dim> leading, Dim... last) {
        List<Dim> dims = new ArrayList<>(leading);
        dims.addAll(List.of(last));
        return dims;
    }
}
