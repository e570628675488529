package org.attention4j.loaders.tokenizer;

import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Cuts text into words, across which byte-pair encoding never joins. The steps are applied in turn, each to the parts that those
 * before it have left.
 */
final class PreTokenizer {
    /** One step. */
    sealed interface Step {
        /** What the step looks for, compiled when it is first asked for: there are many steps, and a vocabulary has a few. */
        Supplier<Pattern> pattern();
    }

    /** What the pattern matches becomes a part, and so does what lies between matches. */
    record Isolate(Supplier<Pattern> pattern) implements Step {}

    /**
     * Numbers are cut in groups of three digits, counted from their ends.
     *
     * @param pattern matches a number
     * @param isolates whether a cut is made before and behind each number, even where no group begins
     */
    record GroupDigits(Supplier<Pattern> pattern, boolean isolates) implements Step {}

    private final List<Step> steps;

    PreTokenizer(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    /** {@code [parts + 1]}: where each part begins, and the end of the text. */
    int[] split(String text) {
        int[] bounds = text.isEmpty() ? new int[1] : new int[] {0, text.length()};
        for (Step step : steps) {
            bounds = new Cutter(text, step).of(bounds);
        }
        return bounds;
    }

    /** The cuts that a step makes in a text that has some. */
    private static final class Cutter {
        private final String text;
        private final Step step;
        private final IntStream.Builder cuts = IntStream.builder();
        private int last;

        Cutter(String text, Step step) {
            this.text = text;
            this.step = step;
        }

        int[] of(int[] bounds) {
            Matcher matcher = step.pattern().get().matcher(text);
            cuts.add(0);
            for (int part = 1; part < bounds.length; part++) {
                matcher.region(bounds[part - 1], bounds[part]);
                while (matcher.find()) {
                    switch (step) {
                        case Isolate isolate -> isolate(matcher.start(), matcher.end());
                        case GroupDigits groups -> group(matcher.start(), matcher.end(), groups.isolates());
                    }
                }
                cut(bounds[part]);
            }
            return cuts.build().toArray();
        }

        private void isolate(int start, int end) {
            if (end > start) {
                cut(start);
                cut(end);
            }
        }

        private void group(int start, int end, boolean isolates) {
            int digits = text.codePointCount(start, end);
            if (isolates) {
                cut(start);
            }
            int at = text.offsetByCodePoints(start, digits % 3);
            for (int left = digits / 3; left > 0; left--) {
                cut(at);
                at = text.offsetByCodePoints(at, 3);
            }
            if (isolates) {
                cut(end);
            }
        }

        private void cut(int at) {
            if (at > last) {
                cuts.add(at);
                last = at;
            }
        }
    }
}
