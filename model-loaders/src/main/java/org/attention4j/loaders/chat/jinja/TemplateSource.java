package org.attention4j.loaders.chat.jinja;

import java.util.ArrayDeque;
import java.util.Deque;
import org.attention4j.loaders.chat.jinja.Token.Kind;

/**
 * A template in the form in which Jinjava gets it: white space is already as Jinja2's lexer leaves it with {@code trim_blocks} and
 * {@code lstrip_blocks}, comments and raw blocks are resolved, and tags are delimited by characters that no text has. Line breaks
 * that fall away move into the next tag, so that lines keep their numbers.
 */
final class TemplateSource {
    static final String EXPRESSION_START = "\uFDD0";
    static final String EXPRESSION_END = "\uFDD1";
    static final String TAG_START = "\uFDD2";
    static final String TAG_END = "\uFDD3";
    static final String COMMENT_START = "\uFDD4";
    static final String COMMENT_END = "\uFDD5";

    private static final int MAX_BRACKETS = 100;

    private final String source;
    private final StringBuilder result = new StringBuilder();
    private final BlockStructure blocks = new BlockStructure();
    private int counted;
    private int line = 1;
    private int position;
    private int hiddenLines;

    private TemplateSource(String source) {
        this.source = source;
    }

    /**
     * Brings a template into this form.
     *
     * @throws TemplateFailure with the line, if its tags are not well formed or not known
     */
    static String normalise(String template) {
        String unix = template.replace("\r\n", "\n").replace('\r', '\n');
        for (int i = 0; i < unix.length(); i++) {
            if (unix.charAt(i) >= EXPRESSION_START.charAt(0) && unix.charAt(i) <= COMMENT_END.charAt(0)) {
                throw new TemplateFailure("the template has the noncharacter U+%04X".formatted((int) unix.charAt(i)));
            }
        }
        TemplateSource source = new TemplateSource(unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix);
        try {
            source.read();
        } catch (TemplateFailure e) {
            throw new TemplateFailure(
                    String.valueOf(e.getMessage()), e.getLineNumber() > 0 ? e.getLineNumber() : source.line());
        }
        return source.result.toString();
    }

    /** The line of {@link #position}; counts on from where it was asked last, as positions only grow. */
    private int line() {
        int end = Math.min(position, source.length());
        for (; counted < end; counted++) {
            line += source.charAt(counted) == '\n' ? 1 : 0;
        }
        return line;
    }

    private void read() {
        while (position < source.length()) {
            int start = nextTag(position);
            if (start == source.length()) {
                text(position, start);
                break;
            }
            char kind = source.charAt(start + 1);
            char sign = start + 2 < source.length() ? source.charAt(start + 2) : ' ';
            int textStart = position;
            int textEnd = stripped(textStart, start, kind, sign);
            position = start;
            hide(textEnd, start);
            text(textStart, textEnd);
            int inside = start + (sign == '-' || sign == '+' ? 3 : 2);
            switch (kind) {
                case '{' -> expression(inside);
                case '%' -> tag(inside);
                default -> comment(inside);
            }
        }
        blocks.end();
    }

    private int nextTag(int from) {
        for (int i = source.indexOf('{', from); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            if ("{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return source.length();
    }

    /** Where the text before a tag ends: a minus takes all white space, and a tag alone on its line its indentation. */
    private int stripped(int from, int to, char kind, char sign) {
        int end = to;
        if (sign == '-') {
            while (end > from && Text.isSpace(source.charAt(end - 1))) {
                end--;
            }
            return end;
        }
        if (sign == '+' || kind == '{') {
            return to;
        }
        while (end > from && source.charAt(end - 1) != '\n' && Text.isSpace(source.charAt(end - 1))) {
            end--;
        }
        boolean startsLine = end == 0 || source.charAt(end - 1) == '\n';
        return startsLine ? end : to;
    }

    private void text(int from, int to) {
        result.append(source, from, to);
    }

    /** Keeps the line breaks of a part that is not passed on. */
    private void hide(int from, int to) {
        for (int i = from; i < to; i++) {
            if (source.charAt(i) == '\n') {
                hiddenLines++;
            }
        }
    }

    private void comment(int inside) {
        int end = source.indexOf("#}", inside);
        if (end < 0) {
            throw new TemplateFailure("a comment has no end, expected #}");
        }
        char sign = end > inside ? source.charAt(end - 1) : ' ';
        int next = afterTag(end + 2, sign, true);
        hide(inside, next);
        position = next;
    }

    private void expression(int inside) {
        int end = endOfTag(inside, "}}");
        emit(EXPRESSION_START, inside, end, EXPRESSION_END);
        leave(end, "}}", false);
    }

    private void tag(int inside) {
        Token name = new Lexer(source, inside).next();
        if (name.isName("raw")) {
            raw(inside, name.end());
            return;
        }
        if (name.kind() != Kind.NAME) {
            throw new TemplateFailure("unexpected %s, expected the name of a tag".formatted(name.text()));
        }
        int end = endOfTag(name.end(), "%}");
        String helpers = source.substring(name.end(), end);
        if (blocks.accept(name.text(), helpers, line())) {
            emit(TAG_START, inside, end, TAG_END);
        } else {
            hide(inside, end);
        }
        leave(end, "%}", true);
    }

    /** The text of a raw block, up to its end tag, with which white space goes as with any tag. */
    private void raw(int inside, int afterName) {
        int open = endOfTag(afterName, "%}");
        hide(inside, open);
        leave(open, "%}", false);
        for (int start = source.indexOf("{%", position); start >= 0; start = source.indexOf("{%", start + 2)) {
            char sign = start + 2 < source.length() ? source.charAt(start + 2) : ' ';
            Token name = nameAt(start + (sign == '-' || sign == '+' ? 3 : 2));
            if (name.isName("endraw")) {
                int textEnd = stripped(position, start, '%', sign);
                text(position, textEnd);
                hide(textEnd, start);
                leave(endOfTag(name.end(), "%}"), "%}", true);
                return;
            }
        }
        throw new TemplateFailure("tag 'raw' has no end, expected {% endraw %}");
    }

    private Token nameAt(int at) {
        int end = at;
        while (end < source.length() && Text.isSpace(source.charAt(end))) {
            end++;
        }
        int start = end;
        while (end < source.length() && Character.isLetter(source.charAt(end))) {
            end++;
        }
        return new Token(Kind.NAME, source.substring(start, end), end);
    }

    /** Where the inside of a tag ends: at its end mark, or the sign before that, outside of strings and brackets. */
    private int endOfTag(int from, String mark) {
        Lexer lexer = new Lexer(source, from);
        Deque<String> open = new ArrayDeque<>();
        while (true) {
            lexer.skipSpace();
            int at = lexer.position();
            position = at;
            boolean signed = source.startsWith("-" + mark, at) || (mark.equals("%}") && source.startsWith("+%}", at));
            if (open.isEmpty() && (signed || source.startsWith(mark, at))) {
                return at;
            }
            Token token = lexer.next();
            if (token.kind() == Kind.END) {
                throw new TemplateFailure("a tag has no end, expected " + mark);
            }
            if (token.kind() == Kind.OPERATOR) {
                balance(open, token.text());
            }
        }
    }

    private static void balance(Deque<String> open, String operator) {
        switch (operator) {
            case "(" -> open.push(")");
            case "[" -> open.push("]");
            case "{" -> open.push("}");
            case ")", "]", "}" -> {
                if (open.isEmpty() || !open.pop().equals(operator)) {
                    throw new TemplateFailure("unexpected '%s'".formatted(operator));
                }
            }
            default -> {}
        }
        if (open.size() > MAX_BRACKETS) {
            throw new TemplateFailure("more than %d brackets inside each other".formatted(MAX_BRACKETS));
        }
    }

    private void emit(String start, int from, int to, String end) {
        result.append(start).append("\n".repeat(hiddenLines)).append(' ');
        hiddenLines = 0;
        result.append(source, from, to).append(' ').append(end);
    }

    /** Moves behind the end mark of a tag whose inside ends at {@code end}. */
    private void leave(int end, String mark, boolean trimsLine) {
        char sign = source.charAt(end);
        boolean signed = sign != mark.charAt(0);
        int after = end + mark.length() + (signed ? 1 : 0);
        int next = afterTag(after, signed ? sign : ' ', trimsLine);
        hide(after, next);
        position = next;
    }

    /** Where text goes on behind a tag: a minus takes all white space, a tag without a sign one line break. */
    private int afterTag(int after, char sign, boolean trimsLine) {
        int next = after;
        if (sign == '-') {
            while (next < source.length() && Text.isSpace(source.charAt(next))) {
                next++;
            }
        } else if (sign != '+' && trimsLine && source.startsWith("\n", next)) {
            next++;
        }
        return next;
    }
}
