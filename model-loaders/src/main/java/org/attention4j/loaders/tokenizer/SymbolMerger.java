package org.attention4j.loaders.tokenizer;

import java.util.Arrays;

/**
 * Joins neighbouring symbols into tokens, the best pair first and of equally good ones the leftmost, until no pair is a token:
 * byte-pair encoding (Sennrich et al. 2016, algorithm 1) and the merges of SentencePiece's BPE models, in time
 * {@code O(n log n)}.
 */
final class SymbolMerger {
    /** What {@link Rule#join} returns for two symbols that make no token. */
    static final long NO_TOKEN = -1;

    /** Says which symbols may be joined. */
    @FunctionalInterface
    interface Rule {
        /**
         * What two neighbours become.
         *
         * @param left the left symbol's id, negative if it is no token
         * @param right the right symbol's id, negative if it is no token
         * @param start where the left symbol begins
         * @param end where the right symbol ends
         * @return {@link #token}, or {@link #NO_TOKEN}
         */
        long join(int left, int right, int start, int end);
    }

    /** A token that a rule makes; of two possible ones, that of lower rank is made first. */
    static long token(int rank, int id) {
        return (long) rank << 32 | id;
    }

    private final int[] ids;
    private final int[] bounds;
    private final int[] previous;
    private final int[] next;
    private final long[] joined;
    private final LongHeap queue;
    private final Rule rule;

    /**
     * Symbols before any is joined.
     *
     * @param ids {@code [n]}, the symbols' tokens, negative for one that is none; overwritten
     * @param bounds {@code [n + 1]}, where each symbol begins, and where the last one ends
     */
    SymbolMerger(int[] ids, int[] bounds, Rule rule) {
        int count = ids.length;
        this.ids = ids;
        this.bounds = bounds;
        this.rule = rule;
        this.previous = new int[count];
        this.next = new int[count];
        this.joined = new long[count];
        this.queue = new LongHeap(count);
        Arrays.setAll(previous, i -> i - 1);
        Arrays.setAll(next, i -> i + 1);
    }

    /** Receives the symbols that are left. */
    @FunctionalInterface
    interface Symbols {
        /** A symbol: its token, negative if it is none, and where it begins and ends. */
        void symbol(int id, int start, int end);
    }

    /** Joins all that can be joined and hands out the result from left to right. */
    void merge(Symbols result) {
        for (int i = 0; i < ids.length; i++) {
            propose(i);
        }
        while (!queue.isEmpty()) {
            long best = queue.poll();
            int left = (int) best;
            boolean current = joined[left] != NO_TOKEN && joined[left] >> 32 == best >> 32;
            if (current) {
                join(left);
            }
        }
        for (int i = 0; i < ids.length; i = next[i]) {
            result.symbol(ids[i], bounds[i], bounds[next[i]]);
        }
    }

    private void join(int left) {
        int right = next[left];
        ids[left] = (int) joined[left];
        joined[right] = NO_TOKEN;
        next[left] = next[right];
        if (next[left] < ids.length) {
            previous[next[left]] = left;
        }
        propose(left);
        if (previous[left] >= 0) {
            propose(previous[left]);
        }
    }

    private void propose(int left) {
        int right = next[left];
        joined[left] =
                right < ids.length ? rule.join(ids[left], ids[right], bounds[left], bounds[next[right]]) : NO_TOKEN;
        if (joined[left] != NO_TOKEN) {
            queue.add(joined[left] >> 32 << 32 | left);
        }
    }
}
