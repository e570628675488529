package org.attention4j;

import java.util.Arrays;
import org.attention4j.core.session.Session;

/** Sums what a model thinks of tokens that it is given. */
final class Scoring {
    /** Tokens whose logits are held at once. */
    private static final int MOST_ROWS = 128;

    private Scoring() {}

    /**
     * Gives a new session all tokens but the last, and counts those from {@code first} on.
     *
     * @param first at least 1
     */
    static TextScore score(Session session, int[] ids, int first) {
        if (first >= ids.length) {
            throw new IllegalArgumentException(
                    "score: got %d tokens and none to count, expected one with a token before it"
                            .formatted(ids.length));
        }
        int given = ids.length - 1;
        if (given > session.remaining()) {
            throw new IllegalArgumentException(
                    "score: got %d tokens, but the context has room for %d".formatted(given, session.remaining()));
        }
        if (first > 1) {
            session.prefill(Arrays.copyOf(ids, first - 1));
        }
        double sum = 0;
        for (int start = first - 1; start < given; start += MOST_ROWS) {
            int[] run = Arrays.copyOfRange(ids, start, Math.min(start + MOST_ROWS, given));
            float[] logits = session.score(run).toFloatArray();
            int vocabulary = logits.length / run.length;
            for (int i = 0; i < run.length; i++) {
                sum += TextScore.logProbability(logits, i * vocabulary, vocabulary, ids[start + i + 1]);
            }
        }
        return new TextScore(ids.length - first, sum);
    }
}
