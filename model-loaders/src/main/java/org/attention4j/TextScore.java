package org.attention4j;

/**
 * How probable a model finds a text.
 *
 * @param tokens how many tokens were counted, at least 1
 * @param logLikelihood the sum of their natural log probabilities, each given all tokens before it
 */
public record TextScore(int tokens, double logLikelihood) {
    public TextScore {
        if (tokens < 1) {
            throw new IllegalArgumentException("score: got %d tokens, expected at least 1".formatted(tokens));
        }
    }

    /**
     * {@code exp(−logLikelihood / tokens)}: among how many equally probable tokens the model had to choose each time, on average.
     */
    public double perplexity() {
        return Math.exp(-logLikelihood / tokens);
    }
}
