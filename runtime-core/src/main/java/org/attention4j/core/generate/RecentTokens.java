package org.attention4j.core.generate;

import java.util.Arrays;
import java.util.BitSet;

/** The last tokens of a sequence, and the repetition penalty for them. */
final class RecentTokens {
    private final int window;
    private final double penalty;
    private final BitSet done = new BitSet();
    private int[] ring = new int[16];
    private long count;

    RecentTokens(int window, double penalty) {
        this.window = window;
        this.penalty = penalty;
    }

    void add(int token) {
        if (count == ring.length && ring.length < window) {
            ring = Arrays.copyOf(ring, (int) Math.min(window, 2L * ring.length));
        }
        ring[(int) (count % Math.min(window, ring.length))] = token;
        count++;
    }

    /** Applies the penalty once to each different recent token. */
    void penalize(float[] logits, int vocabSize) {
        int n = (int) Math.min(count, Math.min(window, ring.length));
        for (int i = 0; i < n; i++) {
            int token = ring[i];
            if (token < vocabSize && !done.get(token)) {
                done.set(token);
                logits[token] = (float) (logits[token] > 0 ? logits[token] / penalty : logits[token] * penalty);
            }
        }
        for (int i = 0; i < n; i++) {
            done.clear(ring[i]);
        }
    }
}
