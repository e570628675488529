package org.attention4j.loaders.chat.jinja;

import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Upper and lower case, piece by piece: Java's own methods copy the whole text for each letter that becomes two, which takes
 * minutes where a template made millions of these.
 */
final class LetterCase {
    private static final int PIECE = 1024;

    private LetterCase() {}

    static String upper(String text) {
        return convert(text, piece -> piece.toUpperCase(Locale.ROOT));
    }

    static String lower(String text) {
        return convert(text, piece -> piece.toLowerCase(Locale.ROOT));
    }

    /** The first letter in upper case, the others in lower case. */
    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        return upper(text.substring(0, first)) + lower(text.substring(first));
    }

    private static String convert(String text, UnaryOperator<String> conversion) {
        if (text.length() <= PIECE) {
            return conversion.apply(text);
        }
        StringBuilder result = new StringBuilder(text.length());
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(from + PIECE, text.length());
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to++;
            }
            result.append(conversion.apply(text.substring(from, to)));
            from = to;
        }
        return result.toString();
    }
}
