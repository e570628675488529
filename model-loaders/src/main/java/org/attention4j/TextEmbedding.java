package org.attention4j;

/** A text as a vector. */
public final class TextEmbedding {
    private final float[] vector;
    private final int numTokens;
    private final boolean truncated;

    TextEmbedding(float[] vector, int numTokens, boolean truncated) {
        this.vector = vector;
        this.numTokens = numTokens;
        this.truncated = truncated;
    }

    /** The vector, which the caller may keep and change. */
    public float[] vector() {
        return vector.clone();
    }

    /** How many tokens were read, special ones among them. */
    public int numTokens() {
        return numTokens;
    }

    /** Whether the text had more tokens than the model takes, so that its end was not read. */
    public boolean truncated() {
        return truncated;
    }
}
