package org.attention4j.benchmarks.accuracy;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import java.util.List;
import org.attention4j.LanguageModel;
import org.attention4j.TextScore;
import org.attention4j.core.session.Session;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.core.text.EncodeOptions;

/**
 * What a model says after each token of some texts, but the last one of each, which nothing follows.
 *
 * @param texts in the order of the texts
 */
record Logits(ImmutableList<OfText> texts) {
    /**
     * After the tokens of one text.
     *
     * @param next the token that follows each
     * @param logits {@code F32[tokens, vocabSize]}
     */
    record OfText(ImmutableIntArray next, Tensor logits) {}

    /**
     * Runs texts through a model, each in a session of its own.
     *
     * @throws IllegalArgumentException if a text has fewer than two tokens, or more than the model's context
     */
    static Logits of(LanguageModel model, List<String> texts) {
        ImmutableList.Builder<OfText> all = ImmutableList.builder();
        for (String text : texts) {
            ImmutableIntArray ids = ImmutableIntArray.copyOf(model.tokenizer().encode(text, EncodeOptions.PROMPT));
            if (ids.length() < 2) {
                throw new IllegalArgumentException(
                        "text '%s': got %d tokens, expected 2 at least".formatted(text, ids.length()));
            }
            try (Session session = model.newSession()) {
                Tensor logits = session.score(ids.subArray(0, ids.length() - 1).toArray());
                all.add(new OfText(ids.subArray(1, ids.length()), logits));
            }
        }
        return new Logits(all.build());
    }

    /** How many tokens have one before them. */
    int tokens() {
        return texts.stream().mapToInt(t -> t.next().length()).sum();
    }

    /** {@code exp(−mean log probability)} of the tokens that have one before them. */
    double perplexity() {
        double sum = 0;
        for (OfText text : texts) {
            float[] logits = text.logits().toFloatArray();
            int vocabulary = logits.length / text.next().length();
            for (int i = 0; i < text.next().length(); i++) {
                sum += TextScore.logProbability(
                        logits, i * vocabulary, vocabulary, text.next().get(i));
            }
        }
        return Math.exp(-sum / tokens());
    }

    /** The first of the largest of {@code size} numbers from {@code from} on, seen from there. */
    static int largest(float[] logits, int from, int size) {
        int best = 0;
        for (int i = 1; i < size; i++) {
            if (logits[from + i] > logits[from + best]) {
                best = i;
            }
        }
        return best;
    }
}
