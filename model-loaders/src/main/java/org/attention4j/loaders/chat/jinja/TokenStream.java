package org.attention4j.loaders.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.attention4j.loaders.chat.jinja.Token.Kind;

/** The tokens of an expression or of a tag, taken one after the other. */
final class TokenStream {
    private final List<Token> tokens = new ArrayList<>();
    private int next;

    /** Reads all tokens of a text, which may have at most {@code most}. */
    TokenStream(String text, int most) {
        Lexer lexer = new Lexer(text, 0);
        do {
            if (tokens.size() > most) {
                throw new TemplateFailure(
                        "an expression has more than %d names, numbers and operators".formatted(most));
            }
            tokens.add(lexer.next());
        } while (tokens.getLast().kind() != Kind.END);
    }

    Token peek() {
        return tokens.get(next);
    }

    Token peekSecond() {
        return tokens.get(Math.min(next + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = tokens.get(next);
        next = Math.min(next + 1, tokens.size() - 1);
        return token;
    }

    boolean peekAny(Set<String> operators) {
        return peek().kind() == Kind.OPERATOR && operators.contains(peek().text());
    }

    /** Moves over an operator if it is the next token. */
    boolean takeOperator(String operator) {
        boolean is = peek().isOperator(operator);
        if (is) {
            next();
        }
        return is;
    }

    /** Moves over a name if it is the next token. */
    boolean takeName(String name) {
        boolean is = peek().isName(name);
        if (is) {
            next();
        }
        return is;
    }

    /** Moves over a name, whichever it is. */
    String takeAnyName(String expected) {
        Token token = next();
        if (token.kind() != Kind.NAME) {
            throw unexpected(token, expected);
        }
        return token.text();
    }

    void expectOperator(String operator) {
        Token token = next();
        if (!token.isOperator(operator)) {
            throw unexpected(token, "'" + operator + "'");
        }
    }

    void expectName(String name) {
        Token token = next();
        if (!token.isName(name)) {
            throw unexpected(token, "'" + name + "'");
        }
    }

    void expectEnd() {
        if (peek().kind() != Kind.END) {
            throw unexpected(peek(), "the end of the tag");
        }
    }

    TemplateFailure unexpected(Token token, String expected) {
        return new TemplateFailure("unexpected %s, expected %s"
                .formatted(token.kind() == Kind.END ? "end of the tag" : "'" + token.text() + "'", expected));
    }
}
