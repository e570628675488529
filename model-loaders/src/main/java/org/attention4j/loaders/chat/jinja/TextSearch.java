package org.attention4j.loaders.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/** Finding strings in strings in time proportional to their lengths, whatever they hold. */
final class TextSearch {
    /** Up to this length, comparing at each place is fast enough. */
    private static final int SHORT = 32;

    private TextSearch() {}

    static boolean contains(Budget budget, String text, String part) {
        return indexOf(budget, text, part, 0) >= 0;
    }

    /** Where {@code part} begins first, at or after {@code from}; −1 if it does not. */
    static int indexOf(Budget budget, String text, String part, int from) {
        int found = part.length() <= SHORT ? text.indexOf(part, from) : search(budget, text, part, from);
        budget.spend((found < 0 ? text.length() : found) - Math.min(from, text.length()));
        return found;
    }

    /** Where {@code part} begins, each behind the one before; at most {@code most} places. */
    static List<Integer> indicesOf(Budget budget, String text, String part, long most) {
        List<Integer> found = new ArrayList<>();
        for (int at = 0; found.size() < most; at += part.length()) {
            at = indexOf(budget, text, part, at);
            if (at < 0) {
                break;
            }
            budget.spendElements(1);
            found.add(at);
        }
        return found;
    }

    /** Knuth, Morris and Pratt 1977, "Fast pattern matching in strings". */
    private static int search(Budget budget, String text, String part, int from) {
        budget.spend(part.length());
        int[] fallback = new int[part.length()];
        for (int i = 1, matched = 0; i < part.length(); i++) {
            while (matched > 0 && part.charAt(i) != part.charAt(matched)) {
                matched = fallback[matched - 1];
            }
            if (part.charAt(i) == part.charAt(matched)) {
                matched++;
            }
            fallback[i] = matched;
        }
        for (int i = from, matched = 0; i < text.length(); i++) {
            while (matched > 0 && text.charAt(i) != part.charAt(matched)) {
                matched = fallback[matched - 1];
            }
            if (text.charAt(i) == part.charAt(matched)) {
                matched++;
            }
            if (matched == part.length()) {
                return i - matched + 1;
            }
        }
        return -1;
    }
}
