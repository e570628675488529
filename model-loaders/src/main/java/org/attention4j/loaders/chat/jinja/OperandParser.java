package org.attention4j.loaders.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import org.attention4j.loaders.chat.jinja.Token.Kind;

/** Reads what operators work on: names, literals, and expressions in brackets. */
final class OperandParser {
    private final TokenStream tokens;
    private final ExpressionParser expressions;

    OperandParser(TokenStream tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    /** The next value. */
    Expression parse() {
        Token token = tokens.next();
        return switch (token.kind()) {
            case NAME -> name(token.text());
            case STRING -> string(token.text());
            case INTEGER -> integer(token);
            case FLOAT -> new Expression.Literal(Double.valueOf(token.text()));
            case OPERATOR ->
                switch (token.text()) {
                    case "(" -> bracketed();
                    case "[" -> new Expression.ListOf(elements());
                    case "{" -> map();
                    default -> throw tokens.unexpected(token, "a value");
                };
            case END -> throw tokens.unexpected(token, "a value");
        };
    }

    private static Expression name(String name) {
        return switch (name) {
            case "true", "True" -> new Expression.Literal(true);
            case "false", "False" -> new Expression.Literal(false);
            case "none", "None" -> new Expression.Literal(None.NONE);
            default -> new Expression.Name(name);
        };
    }

    /** Strings one after the other are one string. */
    private Expression string(String first) {
        StringBuilder text = new StringBuilder(first);
        while (tokens.peek().kind() == Kind.STRING) {
            text.append(tokens.next().text());
        }
        return new Expression.Literal(text.toString());
    }

    static Expression integer(Token token) {
        try {
            return new Expression.Literal(Long.valueOf(token.text()));
        } catch (NumberFormatException e) {
            throw new TemplateFailure("the integer %s has more than 64 bits".formatted(token.text()));
        }
    }

    private Expression bracketed() {
        if (tokens.takeOperator(")")) {
            return new Expression.TupleOf(List.of());
        }
        Expression inside = expressions.tuple(true);
        tokens.expectOperator(")");
        return inside;
    }

    private List<Expression> elements() {
        List<Expression> elements = new ArrayList<>();
        while (!tokens.takeOperator("]")) {
            elements.add(expressions.expression());
            if (!tokens.peek().isOperator("]")) {
                tokens.expectOperator(",");
            }
        }
        return elements;
    }

    private Expression map() {
        List<Expression.Member> members = new ArrayList<>();
        while (!tokens.takeOperator("}")) {
            Expression key = expressions.expression();
            tokens.expectOperator(":");
            members.add(new Expression.Member(key, expressions.expression()));
            if (!tokens.peek().isOperator("}")) {
                tokens.expectOperator(",");
            }
        }
        return new Expression.MapOf(members);
    }
}
