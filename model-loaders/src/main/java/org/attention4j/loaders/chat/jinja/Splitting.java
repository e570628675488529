package org.attention4j.loaders.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Python's ways to cut strings. */
final class Splitting {
    private Splitting() {}

    static List<Object> split(Budget budget, String text, Arguments arguments) {
        Optional<Object> separator = arguments.atMost(2, "sep", "maxsplit").findSome(0, "sep");
        int most = arguments.integer(1, "maxsplit", -1);
        return separator.isEmpty()
                ? words(budget, text, most)
                : bySeparator(budget, text, nonEmpty(arguments.text(0, "sep")), most);
    }

    /** The same, cutting from the end; the parts are in the order of the text. */
    static List<Object> splitFromEnd(Budget budget, String text, Arguments arguments) {
        Optional<Object> separator = arguments.atMost(2, "sep", "maxsplit").findSome(0, "sep");
        int most = arguments.integer(1, "maxsplit", -1);
        String turned = reverse(text);
        List<Object> parts = separator.isEmpty()
                ? words(budget, turned, most)
                : bySeparator(budget, turned, reverse(nonEmpty(arguments.text(0, "sep"))), most);
        parts.replaceAll(part -> reverse((String) part));
        Collections.reverse(parts);
        return parts;
    }

    private static String reverse(String text) {
        return new StringBuilder(text).reverse().toString();
    }

    private static String nonEmpty(String separator) {
        if (separator.isEmpty()) {
            throw new TemplateFailure("split: got an empty separator");
        }
        return separator;
    }

    private static List<Object> bySeparator(Budget budget, String text, String separator, int most) {
        List<Object> parts = new ArrayList<>();
        int from = 0;
        for (int at : TextSearch.indicesOf(budget, text, separator, most < 0 ? Long.MAX_VALUE : most)) {
            parts.add(text.substring(from, at));
            from = at + separator.length();
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static List<Object> words(Budget budget, String text, int most) {
        List<Object> words = new ArrayList<>();
        int at = skipSpaces(text, 0);
        while (at < text.length()) {
            budget.spendElements(1);
            if (most >= 0 && words.size() == most) {
                words.add(text.substring(at));
                break;
            }
            int end = at;
            while (end < text.length() && !Text.isSpace(text.charAt(end))) {
                end++;
            }
            words.add(text.substring(at, end));
            at = skipSpaces(text, end);
        }
        return words;
    }

    private static int skipSpaces(String text, int from) {
        int at = from;
        while (at < text.length() && Text.isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    static List<Object> lines(Budget budget, String text, boolean keepEnds) {
        List<Object> lines = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int end = from;
            while (end < text.length()
                    && "\n\r\u000b\f\u001c\u001d\u001e\u0085\u2028\u2029".indexOf(text.charAt(end)) < 0) {
                end++;
            }
            int next = text.startsWith("\r\n", end) ? end + 2 : Math.min(end + 1, text.length());
            budget.spendElements(1);
            lines.add(text.substring(from, keepEnds ? next : end));
            from = next;
        }
        return lines;
    }

    /** What is before the first separator, that, and what is behind it. */
    static List<Object> partition(Budget budget, String text, String separator) {
        int at = TextSearch.indexOf(budget, text, nonEmpty(separator), 0);
        return Tuple.of(
                at < 0
                        ? List.of(text, "", "")
                        : List.of(text.substring(0, at), separator, text.substring(at + separator.length())));
    }
}
