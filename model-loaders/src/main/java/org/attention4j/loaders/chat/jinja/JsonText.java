package org.attention4j.loaders.chat.jinja;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The filter {@code tojson} as transformers defines it: Python's {@code json.dumps} with non-ASCII characters as they are. */
final class JsonText {
    private final Budget budget;
    private final Style style;
    private final StringBuilder out = new StringBuilder();

    /** {@code json.dumps}' options; an indentation puts each element on a line of its own. */
    record Style(boolean ascii, Optional<String> indent, String comma, String colon, boolean sorted) {
        /** The options that a template gives to the filter. */
        static Style of(Arguments arguments) {
            arguments.atMost(4, "ensure_ascii", "indent", "separators", "sort_keys");
            Optional<String> indent = arguments
                    .findSome(1, "indent")
                    .map(v -> v instanceof String text
                            ? text
                            : " ".repeat(Math.clamp(arguments.integer(1, "indent"), 0, 1000)));
            List<?> separators = arguments
                    .findSome(2, "separators")
                    .map(v -> v instanceof List<?> list ? list : List.of())
                    .orElse(List.of(indent.isPresent() ? "," : ", ", ": "));
            if (separators.size() != 2) {
                throw TemplateFailure.unexpected("tojson, argument separators", separators, "two strings");
            }
            return new Style(
                    arguments.flag(0, "ensure_ascii", false),
                    indent,
                    String.valueOf(separators.get(0)),
                    String.valueOf(separators.get(1)),
                    arguments.flag(3, "sort_keys", false));
        }
    }

    private JsonText(Budget budget, Style style) {
        this.budget = budget;
        this.style = style;
    }

    /** A value as JSON. */
    static String of(Budget budget, Object value, Style style) {
        JsonText text = new JsonText(budget, style);
        text.write(value, 1);
        return text.out.toString();
    }

    private void write(Object value, int level) {
        budget.enter();
        switch (value) {
            case None none -> append("null");
            case Boolean flag -> append(flag.toString());
            case Long number -> append(number.toString());
            case Double number -> append(number(number));
            case String text -> quote(text);
            case List<?> list -> writeAll("[", list, "]", level, element -> write(element, level + 1));
            case Map<?, ?> map ->
                writeAll("{", members(map), "}", level, member -> {
                    quote(keyText(((Map.Entry<?, ?>) member).getKey()));
                    append(style.colon);
                    write(((Map.Entry<?, ?>) member).getValue(), level + 1);
                });
            case Undefined undefined -> throw undefined.failure();
            default -> throw TemplateFailure.unexpected("tojson", value, "text, numbers, truth values, lists and maps");
        }
        budget.leave();
    }

    private Collection<?> members(Map<?, ?> map) {
        if (!style.sorted) {
            return map.entrySet();
        }
        Map<Object, Object> sorted = new TreeMap<>(new Ordering(budget)::compare);
        sorted.putAll(map);
        return sorted.entrySet();
    }

    private void writeAll(String open, Collection<?> elements, String close, int level, Consumer<Object> element) {
        append(open);
        String separator = "";
        for (Object e : elements) {
            append(separator);
            breakLine(level);
            element.accept(e);
            separator = style.comma;
        }
        if (!elements.isEmpty()) {
            breakLine(level - 1);
        }
        append(close);
    }

    private void breakLine(int level) {
        style.indent.ifPresent(indent -> {
            budget.spendText(out, 1 + (long) indent.length() * level);
            out.append('\n').append(indent.repeat(level));
        });
    }

    private static String keyText(Object key) {
        return switch (key) {
            case String text -> text;
            case None none -> "null";
            case Double number -> number(number);
            default -> String.valueOf(key);
        };
    }

    private static String number(double number) {
        if (Double.isFinite(number)) {
            return Text.of(number);
        }
        return Double.isNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
    }

    private void quote(String text) {
        budget.spendText(out, text.length() + 2L);
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < ' ' || (style.ascii && c > '~')) {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private void append(String text) {
        budget.spendText(out, text.length());
        out.append(text);
    }
}
