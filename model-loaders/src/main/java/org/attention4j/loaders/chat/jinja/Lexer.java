package org.attention4j.loaders.chat.jinja;

import java.util.List;
import java.util.Locale;
import org.attention4j.loaders.chat.jinja.Token.Kind;

/** Cuts the inside of tags into tokens. */
final class Lexer {
    private static final List<String> OPERATORS = List.of(
            "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<",
            "=", ".", ":", "|", ",", ";");

    private final String source;
    private int position;

    /** Starts at {@code position}. */
    Lexer(String source, int position) {
        this.source = source;
        this.position = position;
    }

    /** Where the next token or the white space before it begins. */
    int position() {
        return position;
    }

    /** Moves over white space. */
    void skipSpace() {
        while (position < source.length() && Text.isSpace(source.charAt(position))) {
            position++;
        }
    }

    /** Moves over a token. */
    Token next() {
        skipSpace();
        if (position == source.length()) {
            return new Token(Kind.END, "the end", position);
        }
        char c = source.charAt(position);
        if (Character.isUnicodeIdentifierStart(c) || c == '_') {
            return name();
        }
        if (c >= '0' && c <= '9') {
            return number();
        }
        return c == '"' || c == '\'' ? string(c) : operator(c);
    }

    private Token name() {
        int end = position;
        while (end < source.length() && isNamePart(source.charAt(end))) {
            end++;
        }
        return token(Kind.NAME, source.substring(position, end), end);
    }

    private static boolean isNamePart(char c) {
        return c == '_' || (Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c));
    }

    private Token number() {
        int end = digits(position);
        Kind kind = Kind.INTEGER;
        if (position > 0 && source.charAt(position - 1) == '.') {
            // An index behind a dot, as in rows.0.1.
            return token(kind, source.substring(position, end).replace("_", ""), end);
        }
        if (end + 1 < source.length() && source.charAt(end) == '.' && isDigit(source.charAt(end + 1))) {
            kind = Kind.FLOAT;
            end = digits(end + 1);
        }
        int exponent = end;
        if (exponent < source.length() && (source.charAt(exponent) == 'e' || source.charAt(exponent) == 'E')) {
            exponent++;
            if (exponent < source.length() && "+-".indexOf(source.charAt(exponent)) >= 0) {
                exponent++;
            }
            if (exponent < source.length() && isDigit(source.charAt(exponent))) {
                kind = Kind.FLOAT;
                end = digits(exponent);
            }
        }
        return token(kind, source.substring(position, end).replace("_", ""), end);
    }

    private int digits(int from) {
        int end = from;
        while (end < source.length() && (isDigit(source.charAt(end)) || source.charAt(end) == '_')) {
            end++;
        }
        return end;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private Token string(char quote) {
        StringBuilder text = new StringBuilder();
        int at = position + 1;
        while (at < source.length() && source.charAt(at) != quote) {
            char c = source.charAt(at++);
            if (c == '\\' && at < source.length()) {
                at = escape(at, text);
            } else {
                text.append(c);
            }
        }
        if (at >= source.length()) {
            throw new TemplateFailure("a string has no end, expected " + quote);
        }
        return token(Kind.STRING, text.toString(), at + 1);
    }

    /** Adds what the characters behind a backslash stand for, and returns where they end. As in Python, others than these stay. */
    private int escape(int at, StringBuilder text) {
        char c = source.charAt(at);
        switch (c) {
            case '\n' -> {}
            case 'a' -> text.append('\u0007');
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case 'v' -> text.append('\u000b');
            case '\\', '\'', '"' -> text.append(c);
            case 'x' -> {
                return codePoint(at + 1, 2, text);
            }
            case 'u' -> {
                return codePoint(at + 1, 4, text);
            }
            case 'U' -> {
                return codePoint(at + 1, 8, text);
            }
            default -> text.append('\\').append(c);
        }
        return at + 1;
    }

    private int codePoint(int at, int digits, StringBuilder text) {
        int end = Math.min(at + digits, source.length());
        String hex = source.substring(at, end);
        if (hex.length() < digits || !hex.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
            throw new TemplateFailure("a string has the escape '\\%s%s', expected %d hexadecimal digits"
                    .formatted(source.charAt(at - 1), hex, digits));
        }
        long value = Long.parseLong(hex, 16);
        if (value > Character.MAX_CODE_POINT) {
            throw new TemplateFailure("a string has the character U+%s, expected at most U+10FFFF"
                    .formatted(hex.toUpperCase(Locale.ROOT)));
        }
        text.appendCodePoint((int) value);
        return end;
    }

    private Token operator(char c) {
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, position)) {
                return token(Kind.OPERATOR, operator, position + operator.length());
            }
        }
        throw new TemplateFailure("unexpected character " + Text.repr(new Budget(Limits.DEFAULT), String.valueOf(c)));
    }

    private Token token(Kind kind, String text, int end) {
        position = end;
        return new Token(kind, text, end);
    }
}
