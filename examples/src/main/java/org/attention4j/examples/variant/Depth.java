package org.attention4j.examples.variant;

import com.google.common.collect.ImmutableList;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.attention4j.LanguageModel;
import org.attention4j.core.session.Session;

/**
 * What a token costs behind so many others.
 *
 * @param tokens how many the session has seen
 * @param rememberedBytes what its states hold then
 * @param milliseconds the median time of one more token
 */
record Depth(int tokens, long rememberedBytes, double milliseconds) {
    private static final int MEASURED = 32;

    /** Measurements that don't count: Java compiles what runs often. Where a token takes long, a second of them will do. */
    private static final int WARM_UPS = 16;

    private static final Duration ENOUGH = Duration.ofSeconds(1);

    /** Any token will do: none costs more than another. */
    private static final int TOKEN = 5;

    /**
     * Measures a model at depths, rising. They may be more than it was trained for: what it says there means little, but takes as
     * long.
     */
    static List<Depth> measure(LanguageModel model, List<Integer> depths) {
        ImmutableList.Builder<Depth> all = ImmutableList.builder();
        long start = System.nanoTime();
        for (int i = 0; i < WARM_UPS && System.nanoTime() - start < ENOUGH.toNanos(); i++) {
            decode(model, depths.getFirst());
        }
        for (int depth : depths) {
            all.add(decode(model, depth));
        }
        return all.build();
    }

    private static Depth decode(LanguageModel model, int depth) {
        int[] before = new int[depth];
        Arrays.fill(before, TOKEN);
        long[] nanos = new long[MEASURED];
        try (Session session = model.compiled().newSession(depth + MEASURED)) {
            session.prefill(before);
            long bytes = session.rememberedBytes();
            for (int i = 0; i < MEASURED; i++) {
                long start = System.nanoTime();
                session.decode(TOKEN);
                nanos[i] = System.nanoTime() - start;
            }
            Arrays.sort(nanos);
            return new Depth(depth, bytes, nanos[MEASURED / 2] / 1e6);
        }
    }
}
