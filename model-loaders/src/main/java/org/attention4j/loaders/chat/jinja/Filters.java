package org.attention4j.loaders.chat.jinja;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Iterables;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The filters of Jinja2 that make one value of one value; {@link SequenceFilters} has those that go through elements. */
final class Filters {
    private Filters() {}

    /** All of them, by name. */
    static ImmutableMap<String, PythonFilter.Body> all() {
        return ImmutableMap.<String, PythonFilter.Body>builder()
                .put("abs", (e, v, a) -> abs(v))
                .put("attr", (e, v, a) -> e.access().attribute(v, a.text(0, "name")))
                .put("capitalize", (e, v, a) -> LetterCase.capitalize(e.text(v)))
                .put("count", (e, v, a) -> Values.length(v))
                .put("d", (e, v, a) -> orDefault(v, a))
                .put("default", (e, v, a) -> orDefault(v, a))
                .put("e", (e, v, a) -> escape(e, v))
                .put("escape", (e, v, a) -> escape(e, v))
                .put("float", (e, v, a) -> toFloat(v, a))
                .put("format", (e, v, a) -> new Formatting(e.budget(), a.positional()).apply(e.text(v)))
                .put("indent", (e, v, a) -> indent(e, e.text(v), a))
                .put("int", (e, v, a) -> toInteger(v, a))
                .put("items", (e, v, a) -> items(e, v))
                .put("length", (e, v, a) -> Values.length(v))
                .put("lower", (e, v, a) -> LetterCase.lower(e.text(v)))
                .put(
                        "replace",
                        (e, v, a) -> StringMethods.replace(
                                e.budget(),
                                e.text(v),
                                e.text(a.get(0, "old")),
                                e.text(a.get(1, "new")),
                                a.integer(2, "count", -1)))
                .put("round", (e, v, a) -> round(v, a))
                .put("safe", (e, v, a) -> e.text(v))
                .put("string", (e, v, a) -> e.text(v))
                .put("title", (e, v, a) -> title(e.text(v)))
                .put("tojson", (e, v, a) -> JsonText.of(e.budget(), v, JsonText.Style.of(a)))
                .put("trim", (e, v, a) -> trim(e.text(v), a))
                .put("truncate", (e, v, a) -> truncate(e.text(v), a))
                .put("upper", (e, v, a) -> LetterCase.upper(e.text(v)))
                .put("wordcount", (e, v, a) -> (long) Iterables.size(words(e, v)))
                .buildOrThrow();
    }

    private static Object abs(Object value) {
        return value instanceof Double number ? (Object) Math.abs(number) : Math.absExact(Arithmetic.toLong(value));
    }

    private static Object orDefault(Object value, Arguments arguments) {
        boolean alsoFalse = arguments.atMost(2, "default_value", "boolean").flag(1, "boolean", false);
        boolean missing = value instanceof Undefined || (alsoFalse && !Values.isTrue(value));
        return missing ? arguments.find(0, "default_value").orElse("") : value;
    }

    private static String escape(FilterScope scope, Object value) {
        String text = scope.text(value);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            String piece = switch (text.charAt(i)) {
                case '&' -> "&amp;";
                case '<' -> "&lt;";
                case '>' -> "&gt;";
                case '"' -> "&#34;";
                case '\'' -> "&#39;";
                default -> text.substring(i, i + 1);
            };
            scope.budget().spendText(out, piece.length());
            out.append(piece);
        }
        return out.toString();
    }

    private static Object toFloat(Object value, Arguments arguments) {
        if (Ordering.isNumber(value)) {
            return Arithmetic.toDouble(value);
        }
        try {
            return value instanceof String text ? (Object) Double.valueOf(text.strip()) : fallback(arguments, 0.0);
        } catch (NumberFormatException e) {
            return fallback(arguments, 0.0);
        }
    }

    private static Object toInteger(Object value, Arguments arguments) {
        if (Ordering.isNumber(value)) {
            return Arithmetic.toLong(value);
        }
        int base = arguments.integer(1, "base", 10);
        if (!(value instanceof String text) || base < Character.MIN_RADIX || base > Character.MAX_RADIX) {
            return fallback(arguments, 0L);
        }
        String digits = text.strip().replace("_", "");
        try {
            return Long.valueOf(digits, base);
        } catch (NumberFormatException e) {
            Object real = toFloat(digits, new Arguments("int", List.of("no"), Map.of()));
            return real instanceof Double number && Double.isFinite(number)
                    ? number.longValue()
                    : fallback(arguments, 0L);
        }
    }

    private static Object fallback(Arguments arguments, Object otherwise) {
        return arguments.find(0, "default").orElse(otherwise);
    }

    /** Lines but the first, and empty ones, with spaces before them. */
    private static String indent(FilterScope scope, String text, Arguments arguments) {
        Object width =
                arguments.atMost(3, "width", "first", "blank").find(0, "width").orElse(4L);
        String indentation = width instanceof String prefix
                ? prefix
                : " ".repeat(Math.clamp(arguments.integer(0, "width", 4), 0, 1 << 16));
        boolean blank = arguments.flag(2, "blank", false);
        StringBuilder out = new StringBuilder();
        boolean indents = arguments.flag(1, "first", false);
        for (String line : text.split("\n", -1)) {
            String prefix = indents && (blank || !line.isEmpty()) ? indentation : "";
            scope.budget().spendText(out, prefix.length() + line.length() + 1L);
            out.append(prefix).append(line).append('\n');
            indents = true;
        }
        return out.substring(0, out.length() - 1);
    }

    private static Object items(FilterScope scope, Object value) {
        if (value instanceof Undefined) {
            return new Generated(List.of());
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw TemplateFailure.unexpected("filter items", value, "a map");
        }
        return new Generated(MapMethods.items(scope.budget(), map));
    }

    private static Object round(Object value, Arguments arguments) {
        int digits = Math.clamp(arguments.atMost(2, "precision", "method").integer(0, "precision", 0), -300, 300);
        RoundingMode mode = switch (arguments.text(1, "method", "common")) {
            case "common" -> RoundingMode.HALF_EVEN;
            case "ceil" -> RoundingMode.CEILING;
            case "floor" -> RoundingMode.FLOOR;
            default -> throw new TemplateFailure("round: got another method, expected common, ceil or floor");
        };
        double number = Arithmetic.toDouble(value);
        if (!Double.isFinite(number)) {
            return number;
        }
        return new BigDecimal(number).setScale(digits, mode).doubleValue();
    }

    /** Each word with a capital; words also begin behind hyphens and brackets. */
    private static String title(String text) {
        StringBuilder result = new StringBuilder();
        boolean inWord = false;
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int c = text.codePointAt(i);
            result.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toUpperCase(c));
            inWord = !(Text.isSpace(c) || "-({[<".indexOf(c) >= 0);
        }
        return result.toString();
    }

    private static String trim(String text, Arguments arguments) {
        Optional<Object> characters = arguments.atMost(1, "chars").findSome(0, "chars");
        return characters.isEmpty()
                ? StringMethods.strip(text, Text::isSpace, true, true)
                : StringMethods.strip(text, c -> arguments.text(0, "chars").indexOf(c) >= 0, true, true);
    }

    private static String truncate(String text, Arguments arguments) {
        int length = arguments.atMost(4, "length", "killwords", "end", "leeway").integer(0, "length", 255);
        String end = arguments.text(2, "end", "...");
        if (length < end.length()) {
            throw new TemplateFailure(
                    "truncate: got the length %d, expected at least %d".formatted(length, end.length()));
        }
        if (text.length() <= length + arguments.integer(3, "leeway", 5)) {
            return text;
        }
        String cut = text.substring(0, length - end.length());
        int space = cut.lastIndexOf(' ');
        return (arguments.flag(1, "killwords", false) || space < 0 ? cut : cut.substring(0, space)) + end;
    }

    private static List<Object> words(FilterScope scope, Object value) {
        return Splitting.split(
                scope.budget(), scope.text(value), new Arguments("wordcount", List.of(), new LinkedHashMap<>()));
    }
}
