package org.attention4j.loaders.chat.jinja;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/** The methods of Python's {@code str}. */
final class StringMethods {
    private static final ImmutableMap<String, Method> METHODS = ImmutableMap.<String, Method>builder()
            .put("strip", (b, t, a) -> strip(t, a, true, true))
            .put("lstrip", (b, t, a) -> strip(t, a, true, false))
            .put("rstrip", (b, t, a) -> strip(t, a, false, true))
            .put("upper", (b, t, a) -> LetterCase.upper(t))
            .put("lower", (b, t, a) -> LetterCase.lower(t))
            .put("casefold", (b, t, a) -> LetterCase.lower(LetterCase.upper(t)))
            .put("title", (b, t, a) -> title(t))
            .put("capitalize", (b, t, a) -> LetterCase.capitalize(t))
            .put("startswith", (b, t, a) -> affix(b, t, a, true))
            .put("endswith", (b, t, a) -> affix(b, t, a, false))
            .put(
                    "removeprefix",
                    (b, t, a) -> t.startsWith(a.text(0, "prefix"))
                            ? t.substring(a.text(0, "prefix").length())
                            : t)
            .put(
                    "removesuffix",
                    (b, t, a) -> t.endsWith(a.text(0, "suffix"))
                            ? t.substring(0, t.length() - a.text(0, "suffix").length())
                            : t)
            .put("split", (b, t, a) -> Splitting.split(b, t, a))
            .put("rsplit", (b, t, a) -> Splitting.splitFromEnd(b, t, a))
            .put("splitlines", (b, t, a) -> Splitting.lines(b, t, a.flag(0, "keepends", false)))
            .put("partition", (b, t, a) -> Splitting.partition(b, t, a.text(0, "sep")))
            .put("replace", (b, t, a) -> replace(b, t, a.text(0, "old"), a.text(1, "new"), a.integer(2, "count", -1)))
            .put("join", (b, t, a) -> join(b, t, a.get(0, "iterable")))
            .put("find", (b, t, a) -> position(t, TextSearch.indexOf(b, t, a.text(0, "sub"), 0)))
            .put("rfind", (b, t, a) -> position(t, last(b, t, a.text(0, "sub"))))
            .put("index", (b, t, a) -> found(t, TextSearch.indexOf(b, t, a.text(0, "sub"), 0)))
            .put("count", (b, t, a) -> count(b, t, a.text(0, "sub")))
            .put("isdigit", (b, t, a) -> every(t, Character::isDigit))
            .put("isalpha", (b, t, a) -> every(t, Character::isLetter))
            .put("isalnum", (b, t, a) -> every(t, Character::isLetterOrDigit))
            .put("isspace", (b, t, a) -> every(t, Text::isSpace))
            .put("isupper", (b, t, a) -> !t.equals(LetterCase.lower(t)) && t.equals(LetterCase.upper(t)))
            .put("islower", (b, t, a) -> !t.equals(LetterCase.upper(t)) && t.equals(LetterCase.lower(t)))
            .put("ljust", (b, t, a) -> pad(b, t, a.integer(0, "width"), a.text(1, "fillchar", " "), false))
            .put("rjust", (b, t, a) -> pad(b, t, a.integer(0, "width"), a.text(1, "fillchar", " "), true))
            .buildOrThrow();

    private StringMethods() {}

    /** A method for a text and its arguments; the cost of reading the text is spent. */
    private interface Method {
        Object apply(Budget budget, String text, Arguments arguments);
    }

    /** The method of this name, bound to a text. */
    static Optional<Object> find(Budget budget, String text, String name) {
        return Optional.ofNullable(METHODS.get(name)).map(method -> (Callable) arguments -> {
            budget.spendText(text.length());
            return method.apply(budget, text, arguments);
        });
    }

    private static String strip(String text, Arguments arguments, boolean start, boolean end) {
        Optional<Object> set = arguments.atMost(1, "chars").findSome(0, "chars");
        String characters = set.isPresent() ? arguments.text(0, "chars") : "";
        IntPredicate dropped = set.isPresent() ? c -> characters.indexOf(c) >= 0 : Text::isSpace;
        return strip(text, dropped, start, end);
    }

    /** A text without such characters at its start, its end, or both. */
    static String strip(String text, IntPredicate dropped, boolean start, boolean end) {
        int from = 0;
        int to = text.length();
        while (start && from < to && dropped.test(text.codePointAt(from))) {
            from = text.offsetByCodePoints(from, 1);
        }
        while (end && from < to && dropped.test(text.codePointBefore(to))) {
            to = text.offsetByCodePoints(to, -1);
        }
        return text.substring(from, to);
    }

    private static String title(String text) {
        StringBuilder result = new StringBuilder();
        boolean inWord = false;
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int c = text.codePointAt(i);
            result.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inWord = Character.isLetter(c);
        }
        return result.toString();
    }

    private static boolean affix(Budget budget, String text, Arguments arguments, boolean start) {
        Object affixes = arguments.get(0, start ? "prefix" : "suffix");
        List<?> list = affixes instanceof List<?> several ? several : List.of(affixes);
        for (Object affix : list) {
            if (!(affix instanceof String s)) {
                throw TemplateFailure.unexpected(arguments.what(), affix, "a string");
            }
            budget.spend(Math.min(s.length(), text.length()));
            if (start ? text.startsWith(s) : text.endsWith(s)) {
                return true;
            }
        }
        return false;
    }

    /** Replaces the first {@code most} of {@code old}, or all if that is negative. */
    static String replace(Budget budget, String text, String old, String by, int most) {
        long limit = most < 0 ? Long.MAX_VALUE : most;
        if (old.isEmpty()) {
            return interleave(budget, text, by, limit);
        }
        List<Integer> places = TextSearch.indicesOf(budget, text, old, limit);
        budget.spendText(text.length() + (long) places.size() * (by.length() - old.length()));
        StringBuilder result = new StringBuilder();
        int from = 0;
        for (int at : places) {
            result.append(text, from, at).append(by);
            from = at + old.length();
        }
        return result.append(text, from, text.length()).toString();
    }

    /** What replacing the empty string means: before each character and at the end. */
    private static String interleave(Budget budget, String text, String by, long most) {
        StringBuilder result = new StringBuilder();
        long left = most;
        for (int i = 0; i <= text.length(); i = i < text.length() ? text.offsetByCodePoints(i, 1) : i + 1) {
            if (left-- > 0) {
                budget.spendText(result, by.length());
                result.append(by);
            }
            if (i < text.length()) {
                result.appendCodePoint(text.codePointAt(i));
            }
        }
        return result.toString();
    }

    /** The elements as text with a separator between them; only strings, as Python has it. */
    private static String join(Budget budget, String separator, Object elements) {
        List<String> parts = new ArrayList<>();
        for (Object element : Values.list(budget, elements)) {
            if (!(element instanceof String part)) {
                throw TemplateFailure.unexpected("join", element, "strings");
            }
            parts.add(part);
        }
        return join(budget, separator, parts);
    }

    static String join(Budget budget, String separator, List<String> parts) {
        long length = parts.stream().mapToLong(String::length).sum();
        budget.spendText(length + (long) separator.length() * Math.max(0, parts.size() - 1));
        return String.join(separator, parts);
    }

    private static int last(Budget budget, String text, String part) {
        if (part.isEmpty()) {
            return text.length();
        }
        String reversed = new StringBuilder(text).reverse().toString();
        int at = TextSearch.indexOf(
                budget, reversed, new StringBuilder(part).reverse().toString(), 0);
        return at < 0 ? -1 : text.length() - at - part.length();
    }

    private static Long position(String text, int at) {
        return at < 0 ? -1L : (long) text.codePointCount(0, at);
    }

    private static Long found(String text, int at) {
        if (at < 0) {
            throw new TemplateFailure("index: substring not found");
        }
        return position(text, at);
    }

    private static Long count(Budget budget, String text, String part) {
        return part.isEmpty()
                ? Values.length(text) + 1
                : (long)
                        TextSearch.indicesOf(budget, text, part, Long.MAX_VALUE).size();
    }

    private static boolean every(String text, IntPredicate predicate) {
        return !text.isEmpty() && text.codePoints().allMatch(predicate);
    }

    private static String pad(Budget budget, String text, int width, String fill, boolean left) {
        int missing = (int) Math.max(0, width - Values.length(text));
        budget.spendText((long) text.length() + missing);
        String padding = fill.repeat(missing);
        return left ? padding + text : text + padding;
    }
}
