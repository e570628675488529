package org.attention4j.loaders.chat.jinja;

import java.time.Duration;

/**
 * How far a template may go.
 *
 * @param templateLength the most characters of a template
 * @param textLength the most characters of the result, and of any text on the way to it
 * @param work the most steps, counting one for a node that is evaluated and one for a character or element that is copied or
 *     compared; it bounds the memory that a template can fill, too
 * @param time the most time
 */
public record Limits(int templateLength, int textLength, long work, Duration time) {
    /** Room for conversations of a million tokens, and for the templates that people write. */
    public static final Limits DEFAULT = new Limits(1 << 20, 1 << 22, 1L << 27, Duration.ofSeconds(5));

    public Limits {
        if (templateLength < 1 || textLength < 1 || work < 1 || !time.isPositive()) {
            throw new IllegalArgumentException("template limits: got %d, %d, %d and %s, expected positive ones"
                    .formatted(templateLength, textLength, work, time));
        }
    }
}
