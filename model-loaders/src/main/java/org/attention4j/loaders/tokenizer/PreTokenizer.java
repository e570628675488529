package org.attention4j.loaders.tokenizer;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Cuts text into words, across which byte-pair encoding never joins. The patterns are applied in turn, each to the parts that
 * those before it have left: what a pattern matches becomes a part, and so does what lies between matches.
 */
final class PreTokenizer {
    private final List<Pattern> patterns;

    PreTokenizer(List<Pattern> patterns) {
        this.patterns = List.copyOf(patterns);
    }

    /** {@code [parts + 1]}: where each part begins, and the end of the text. */
    int[] split(String text) {
        int[] bounds = text.isEmpty() ? new int[1] : new int[] {0, text.length()};
        for (Pattern pattern : patterns) {
            bounds = split(bounds, pattern.matcher(text));
        }
        return bounds;
    }

    private static int[] split(int[] bounds, Matcher matcher) {
        IntStream.Builder cuts = IntStream.builder();
        int last = 0;
        cuts.add(0);
        for (int part = 1; part < bounds.length; part++) {
            matcher.region(bounds[part - 1], bounds[part]);
            while (matcher.find()) {
                if (matcher.end() > matcher.start()) {
                    last = cut(cuts, last, matcher.start());
                    last = cut(cuts, last, matcher.end());
                }
            }
            last = cut(cuts, last, bounds[part]);
        }
        return cuts.build().toArray();
    }

    private static int cut(IntStream.Builder cuts, int last, int at) {
        if (at > last) {
            cuts.add(at);
        }
        return at;
    }
}
