package org.attention4j.core.state;

/**
 * How a backend wants states laid out and filled.
 *
 * @param prefillChunk the most tokens given in one run; longer prompts are split
 * @param ringSlack slots that a cache with a window has beyond those that it must retain. With {@code ringSlack ≥ prefillChunk}
 *     a backend may write a run's tokens to the cache before it attends to them: the first of them may see one token more than
 *     is retained after it, where first tokens are kept beside the window
 */
public record Storage(int prefillChunk, int ringSlack) {
    /** Chunks of 512, caches of just the size they need. */
    public static final Storage EXACT = new Storage(512, 0);

    public Storage {
        if (prefillChunk < 1 || ringSlack < 0) {
            throw new IllegalArgumentException("storage: got prefillChunk %d, ringSlack %d; expected at least 1 and 0"
                    .formatted(prefillChunk, ringSlack));
        }
    }
}
