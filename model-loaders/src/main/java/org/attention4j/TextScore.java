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

    /**
     * What a model thinks of one token: {@code log softmax(logits)[id]}.
     *
     * @param logits of one or more tokens, one row after the other
     * @param from where the row begins
     * @param size of the vocabulary
     * @return in nats
     */
    public static double logProbability(float[] logits, int from, int size, int id) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = from; i < from + size; i++) {
            largest = Math.max(largest, logits[i]);
        }
        double sum = 0;
        for (int i = from; i < from + size; i++) {
            sum += Math.exp(logits[i] - largest);
        }
        return logits[from + id] - largest - Math.log(sum);
    }
}
