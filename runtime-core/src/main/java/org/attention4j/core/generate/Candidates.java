package org.attention4j.core.generate;

/**
 * Token ids, of which the most probable can be taken one after the other: a binary heap, so that taking a few does not cost
 * a sort of the vocabulary. Of equal logits the lower id comes first.
 */
final class Candidates {
    private final float[] logits;
    private final int[] ids;
    private int size;

    /** Room for as many ids as there are logits; the caller fills these before each use. */
    Candidates(float[] logits) {
        this.logits = logits;
        this.ids = new int[logits.length];
    }

    /** Starts again with all ids below {@code limit}. */
    void fill(int limit) {
        size = limit;
        for (int i = 0; i < limit; i++) {
            ids[i] = i;
        }
        for (int i = size / 2 - 1; i >= 0; i--) {
            sink(i);
        }
    }

    /**
     * Moves the {@code n} most probable ids to the end of the array.
     *
     * @see #taken
     */
    void take(int n) {
        for (int i = 0; i < n; i++) {
            size--;
            int best = ids[0];
            ids[0] = ids[size];
            ids[size] = best;
            sink(0);
        }
    }

    /** Of {@code limit} ids that this was filled with, the {@code rank}-th that was taken. */
    int taken(int limit, int rank) {
        return ids[limit - 1 - rank];
    }

    private void sink(int at) {
        int id = ids[at];
        int i = at;
        for (int child = 2 * i + 1; child < size; child = 2 * i + 1) {
            if (child + 1 < size && before(ids[child + 1], ids[child])) {
                child++;
            }
            if (!before(ids[child], id)) {
                break;
            }
            ids[i] = ids[child];
            i = child;
        }
        ids[i] = id;
    }

    private boolean before(int a, int b) {
        return logits[a] > logits[b] || (logits[a] == logits[b] && a < b);
    }
}
