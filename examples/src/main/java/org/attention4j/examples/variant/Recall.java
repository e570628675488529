package org.attention4j.examples.variant;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.LanguageModel;
import org.attention4j.core.generate.GenerationOptions;

/**
 * How many answers of a model are exact, by how far back the fact is.
 *
 * @param bands by distance, rising; none is empty
 */
record Recall(ImmutableList<Band> bands) {
    private static final ImmutableList<Integer> STARTS = ImmutableList.of(0, 16, 32, 48, 64, 96);
    private static final GenerationOptions SHORT = GenerationOptions.DEFAULT.withMaxTokens(16);

    /**
     * Questions of about the same distance.
     *
     * @param name of distances, for people
     * @param distance mean tokens between the fact and the end of the prompt
     * @param right how many answers were exact
     * @param asked of how many
     */
    record Band(String name, double distance, int right, int asked) {
        double percent() {
            return 100.0 * right / asked;
        }
    }

    /** Asks a model. */
    static Recall of(LanguageModel model, List<Question> questions) {
        ImmutableList.Builder<Band> bands = ImmutableList.builder();
        for (int i = 0; i < STARTS.size(); i++) {
            int from = STARTS.get(i);
            int to = i + 1 < STARTS.size() ? STARTS.get(i + 1) : Integer.MAX_VALUE;
            List<Question> asked = questions.stream()
                    .filter(q -> q.distance() >= from && q.distance() < to)
                    .toList();
            if (!asked.isEmpty()) {
                bands.add(band(model, name(from, to), asked));
            }
        }
        return new Recall(bands.build());
    }

    private static Band band(LanguageModel model, String name, List<Question> asked) {
        long right = asked.stream()
                .filter(q -> model.generate(q.prompt(), SHORT).text().equals(q.answer()))
                .count();
        double distance = asked.stream().mapToInt(Question::distance).average().orElseThrow();
        return new Band(name, distance, (int) right, asked.size());
    }

    private static String name(int from, int to) {
        return to == Integer.MAX_VALUE ? from + " and more" : from + " to " + (to - 1);
    }

    int right() {
        return bands.stream().mapToInt(Band::right).sum();
    }

    int asked() {
        return bands.stream().mapToInt(Band::asked).sum();
    }
}
