package org.attention4j.loaders.chat.jinja;

import java.util.List;
import java.util.Map;

/** How values look as text. */
final class Text {
    private final Budget budget;
    private final StringBuilder out = new StringBuilder();

    private Text(Budget budget) {
        this.budget = budget;
    }

    /** Python's {@code str}: what an expression's value prints. */
    static String of(Budget budget, Object value) {
        if (value instanceof String text) {
            return text;
        }
        return value instanceof Undefined ? "" : repr(budget, value);
    }

    /** Python's {@code repr}: strings in quotes, and what a value holds. */
    static String repr(Budget budget, Object value) {
        Text text = new Text(budget);
        text.write(value);
        return text.out.toString();
    }

    /** Python's {@code %} operator for strings. */
    static String format(Budget budget, String format, Object values) {
        return new Formatting(budget, values instanceof List<?> list ? list : List.of(values)).apply(format);
    }

    private void write(Object value) {
        budget.enter();
        switch (value) {
            case None none -> append("None");
            case Undefined undefined -> append("Undefined");
            case Boolean flag -> append(flag ? "True" : "False");
            case Long number -> append(number.toString());
            case Double number -> append(of(number));
            case String text -> quote(text);
            case Tuple tuple -> writeAll("(", tuple, tuple.size() == 1 ? ",)" : ")");
            case List<?> list -> writeAll("[", list, "]");
            case Map<?, ?> map -> writeMap(map);
            case Namespace namespace -> {
                append("<Namespace ");
                writeMap(namespace.attributes());
                append(">");
            }
            default -> append("<" + Values.typeName(value) + ">");
        }
        budget.leave();
    }

    private void writeAll(String open, List<?> elements, String close) {
        append(open);
        String separator = "";
        for (Object element : elements) {
            append(separator);
            write(element);
            separator = ", ";
        }
        append(close);
    }

    private void writeMap(Map<?, ?> map) {
        append("{");
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            append(separator);
            write(entry.getKey());
            append(": ");
            write(entry.getValue());
            separator = ", ";
        }
        append("}");
    }

    private void quote(String text) {
        budget.spendText(text.length());
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c == quote) {
                        out.append('\\').append(quote);
                    } else if (isPrintable(c)) {
                        out.appendCodePoint(c);
                    } else {
                        out.append((c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x").formatted(c));
                    }
                }
            }
        });
        out.append(quote);
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }

    private void append(String text) {
        budget.spendText(out, text.length());
        out.append(text);
    }

    /** A number as Python writes it: the shortest digits that give it back, with an exponent from 1e16 and below 1e-4 on. */
    static String of(double number) {
        if (!Double.isFinite(number)) {
            return Double.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
        }
        String java = Double.toString(Math.abs(number));
        int e = java.indexOf('E');
        int exponent = e < 0 ? 0 : Integer.parseInt(java.substring(e + 1));
        String mantissa = e < 0 ? java : java.substring(0, e);
        int point = mantissa.indexOf('.');
        String digits = mantissa.substring(0, point) + mantissa.substring(point + 1);
        int leading = digits.length() - digits.replaceFirst("^0+", "").length();
        if (leading == digits.length()) {
            return number == 0 && 1 / number < 0 ? "-0.0" : "0.0";
        }
        int power = exponent + point - leading - 1;
        String significant = digits.substring(leading).replaceFirst("0+$", "");
        return (number < 0 ? "-" : "") + decimal(significant, power);
    }

    /** {@code d.ddd · 10^power} written out. */
    private static String decimal(String digits, int power) {
        if (power < -4 || power >= 16) {
            String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
            return "%s%se%s%02d".formatted(digits.charAt(0), fraction, power < 0 ? "-" : "+", Math.abs(power));
        }
        if (power < 0) {
            return "0." + "0".repeat(-power - 1) + digits;
        }
        String padded = digits + "0".repeat(Math.max(0, power + 2 - digits.length()));
        return padded.substring(0, power + 1) + "." + padded.substring(power + 1);
    }

    /** White space as Python's {@code str.isspace} knows it. */
    static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }
}
