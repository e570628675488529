package org.attention4j.benchmarks.accuracy;

import com.google.common.collect.Streams;

/**
 * How far logits are from those of the reference.
 *
 * @param greatest the greatest difference of two logits, by the greatest magnitude of the reference's
 * @param mean the mean difference of two logits, by the same
 * @param perplexity of the logits
 * @param perplexityChange by what part of the reference's the perplexity is greater
 * @param sameTop the part of tokens after which both find the same next token most probable
 */
record Difference(double greatest, double mean, double perplexity, double perplexityChange, double sameTop) {
    /**
     * Compares.
     *
     * @throws IllegalArgumentException if they are of other tokens
     */
    static Difference between(Logits actual, Logits reference) {
        double greatest = 0;
        double sum = 0;
        double magnitude = 0;
        long count = 0;
        int same = 0;
        for (Pair pair : Streams.zip(actual.texts().stream(), reference.texts().stream(), Pair::new)
                .toList()) {
            if (!pair.actual.next().equals(pair.reference.next())) {
                throw new IllegalArgumentException("accuracy: the texts have other tokens than the reference's");
            }
            float[] a = pair.actual.logits().toFloatArray();
            float[] b = pair.reference.logits().toFloatArray();
            for (int i = 0; i < a.length; i++) {
                double difference = Math.abs(a[i] - b[i]);
                // NaN stays.
                greatest = Math.max(greatest, difference);
                sum += difference;
                magnitude = Math.max(magnitude, Math.abs(b[i]));
            }
            count += a.length;
            int vocabulary = a.length / pair.actual.next().length();
            for (int from = 0; from < a.length; from += vocabulary) {
                same += Logits.largest(a, from, vocabulary) == Logits.largest(b, from, vocabulary) ? 1 : 0;
            }
        }
        double perplexity = actual.perplexity();
        return new Difference(
                greatest / magnitude,
                sum / count / magnitude,
                perplexity,
                perplexity / reference.perplexity() - 1,
                (double) same / actual.tokens());
    }

    private record Pair(Logits.OfText actual, Logits.OfText reference) {}
}
