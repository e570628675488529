package org.attention4j.loaders.chat.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Python's printf-style formatting with the conversions {@code s r d i f x X %}. */
final class Formatting {
    private static final Pattern CONVERSION =
            Pattern.compile("%([-+ 0#]*)(\\d{0,6})(?:\\.(\\d{0,3}))?(.?)", Pattern.DOTALL);

    private final Budget budget;
    private final Iterator<?> values;

    Formatting(Budget budget, List<?> values) {
        this.budget = budget;
        this.values = values.iterator();
    }

    String apply(String format) {
        budget.spendText(format.length());
        Matcher matcher = CONVERSION.matcher(format);
        StringBuilder out = new StringBuilder();
        int from = 0;
        while (matcher.find()) {
            out.append(format, from, matcher.start());
            String value = padded(matcher);
            budget.spendText(out, value.length());
            out.append(value);
            from = matcher.end();
        }
        if (values.hasNext()) {
            throw new TemplateFailure("format: got more values than conversions in the format");
        }
        return out.append(format, from, format.length()).toString();
    }

    private String padded(Matcher conversion) {
        String flags = conversion.group(1);
        int width = conversion.group(2).isEmpty() ? 0 : Integer.parseInt(conversion.group(2));
        String text = converted(conversion);
        String sign =
                text.startsWith("-") ? "-" : flags.contains("+") && "dif".contains(conversion.group(4)) ? "+" : "";
        String body = text.startsWith("-") ? text.substring(1) : text;
        budget.spendText(width);
        String padding = " ".repeat(Math.max(0, width - sign.length() - body.length()));
        if (flags.contains("-")) {
            return sign + body + padding;
        }
        return flags.contains("0") && "difxX".contains(conversion.group(4))
                ? sign + padding.replace(' ', '0') + body
                : padding + sign + body;
    }

    private String converted(Matcher conversion) {
        String precision = conversion.group(3);
        return switch (conversion.group(4)) {
            case "%" -> "%";
            case "s" -> cut(Text.of(budget, next()), precision);
            case "r" -> cut(Text.repr(budget, next()), precision);
            case "d", "i" -> Long.toString(Arithmetic.toLong(next()));
            case "x" -> Long.toString(Arithmetic.toLong(next()), 16);
            case "X" -> Long.toString(Arithmetic.toLong(next()), 16).toUpperCase(Locale.ROOT);
            case "f" ->
                fixed(
                        Arithmetic.toDouble(next()),
                        precision == null || precision.isEmpty() ? 6 : Integer.parseInt(precision));
            default ->
                throw new TemplateFailure("format: got the conversion '%s', expected one of s r d i f x X %%"
                        .formatted(conversion.group()));
        };
    }

    private static String fixed(double number, int digits) {
        return Double.isFinite(number)
                ? new BigDecimal(number)
                        .setScale(digits, RoundingMode.HALF_EVEN)
                        .toPlainString()
                : Text.of(number);
    }

    private static String cut(String text, @Nullable String precision) {
        return precision == null || precision.isEmpty()
                ? text
                : text.substring(0, Math.min(text.length(), Integer.parseInt(precision)));
    }

    private Object next() {
        if (!values.hasNext()) {
            throw new TemplateFailure("format: got fewer values than conversions in the format");
        }
        return values.next();
    }
}
