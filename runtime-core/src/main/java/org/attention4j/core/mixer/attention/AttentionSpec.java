package org.attention4j.core.mixer.attention;

/**
 * What softmax attention computes: see the package's formulas.
 *
 * @param numHeads query heads
 * @param numKvHeads key/value heads, a divisor of {@code numHeads}
 * @param headDim entries of a query and a key
 * @param valueDim entries of a value
 * @param scale multiplies the scores
 * @param causal whether a token sees only itself and earlier ones
 * @param window tokens seen (causal: with itself; bidirectional: on each side); 0: all
 * @param sinkTokens the first tokens, which stay visible outside the window
 * @param softcap the bound c of c·tanh(s/c); 0: none
 * @param chunk tokens see only their own chunk of this size; 0: no chunks
 */
public record AttentionSpec(
        int numHeads,
        int numKvHeads,
        int headDim,
        int valueDim,
        double scale,
        boolean causal,
        int window,
        int sinkTokens,
        double softcap,
        int chunk) {
    public AttentionSpec {
        require(numHeads >= 1, "numHeads %d is not positive", numHeads);
        require(
                numKvHeads >= 1 && numHeads % numKvHeads == 0,
                "numHeads %d is not a multiple of numKvHeads %d",
                numHeads,
                numKvHeads);
        require(headDim >= 1, "headDim %d is not positive", headDim);
        require(valueDim >= 1, "valueDim %d is not positive", valueDim);
        require(window >= 0, "window %d is negative", window);
        require(chunk >= 0, "chunk %d is negative", chunk);
        require(softcap >= 0, "softcap %s is negative", softcap);
        require(sinkTokens >= 0, "sinkTokens %d is negative", sinkTokens);
        require(sinkTokens == 0 || (causal && window > 0), "sinkTokens %d need a causal window", sinkTokens);
    }

    /** Causal attention to everything before, scaled by 1/√headDim. */
    public static AttentionSpec causal(int numHeads, int numKvHeads, int headDim) {
        return new AttentionSpec(numHeads, numKvHeads, headDim, headDim, 1 / Math.sqrt(headDim), true, 0, 0, 0, 0);
    }

    /** Attention to everything, scaled by 1/√headDim. */
    public static AttentionSpec bidirectional(int numHeads, int numKvHeads, int headDim) {
        return new AttentionSpec(numHeads, numKvHeads, headDim, headDim, 1 / Math.sqrt(headDim), false, 0, 0, 0, 0);
    }

    /** The same with another scale. */
    public AttentionSpec withScale(double value) {
        return new AttentionSpec(
                numHeads, numKvHeads, headDim, valueDim, value, causal, window, sinkTokens, softcap, chunk);
    }

    /** The same with values of another size. */
    public AttentionSpec withValueDim(int value) {
        return new AttentionSpec(
                numHeads, numKvHeads, headDim, value, scale, causal, window, sinkTokens, softcap, chunk);
    }

    /** The same with a window. */
    public AttentionSpec withWindow(int size) {
        return new AttentionSpec(
                numHeads, numKvHeads, headDim, valueDim, scale, causal, size, sinkTokens, softcap, chunk);
    }

    /** The same with a window outside which the first tokens stay visible. */
    public AttentionSpec withSinks(int sinks, int size) {
        return new AttentionSpec(numHeads, numKvHeads, headDim, valueDim, scale, causal, size, sinks, softcap, chunk);
    }

    /** The same with a softcap. */
    public AttentionSpec withSoftcap(double value) {
        return new AttentionSpec(
                numHeads, numKvHeads, headDim, valueDim, scale, causal, window, sinkTokens, value, chunk);
    }

    /** The same in chunks. */
    public AttentionSpec withChunk(int size) {
        return new AttentionSpec(
                numHeads, numKvHeads, headDim, valueDim, scale, causal, window, sinkTokens, softcap, size);
    }

    /** Query heads per key/value head. */
    public int groupSize() {
        return numHeads / numKvHeads;
    }

    /** What the field calls this head layout, with {@code sliding_window_} before it if there is a window. */
    public String kind() {
        String heads = numKvHeads == numHeads ? "mha" : numKvHeads == 1 ? "mqa" : "gqa";
        return window == 0 ? heads : "sliding_window_" + heads;
    }

    private static void require(boolean holds, String message, Object... args) {
        if (!holds) {
            throw new IllegalArgumentException("attention: " + message.formatted(args));
        }
    }
}
