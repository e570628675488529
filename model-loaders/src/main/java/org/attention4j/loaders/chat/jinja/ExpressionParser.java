package org.attention4j.loaders.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.attention4j.loaders.chat.jinja.Expression.Comparand;
import org.attention4j.loaders.chat.jinja.Expression.Given;
import org.attention4j.loaders.chat.jinja.Token.Kind;

/** Reads expressions with the precedences of Jinja2's {@code Parser}, from loose to tight. */
final class ExpressionParser {
    private static final int MAX_TOKENS = 2000;
    private static final int MAX_DEPTH = 200;
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> SUMS = Set.of("+", "-");
    private static final Set<String> PRODUCTS = Set.of("*", "/", "//", "%");
    private static final Set<String> NO_ARGUMENT = Set.of("else", "or", "and", "is", "not", "if", "in");

    private final TokenStream tokens;
    private final OperandParser operands;
    private int depth;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
        this.operands = new OperandParser(tokens, this);
    }

    /** The expression that a text holds. */
    static Expression parse(String text) {
        TokenStream tokens = new TokenStream(text, MAX_TOKENS);
        Expression expression = new ExpressionParser(tokens).tuple(true);
        tokens.expectEnd();
        return expression;
    }

    /** One expression, or several with commas between them, which are a tuple. */
    Expression tuple(boolean conditional) {
        Expression first = conditional ? expression() : or();
        if (!tokens.peek().isOperator(",")) {
            return first;
        }
        List<Expression> elements = new ArrayList<>(List.of(first));
        while (tokens.takeOperator(",") && !atEndOfTuple()) {
            elements.add(conditional ? expression() : or());
        }
        return new Expression.TupleOf(elements);
    }

    private boolean atEndOfTuple() {
        Token next = tokens.peek();
        return next.kind() == Kind.END || next.isOperator(")") || next.isOperator("=") || next.isName("in");
    }

    /** A whole expression with its conditions. */
    Expression expression() {
        return inside(this::conditional);
    }

    private Expression inside(Supplier<Expression> part) {
        if (++depth > MAX_DEPTH) {
            throw new TemplateFailure("more than %d expressions inside each other".formatted(MAX_DEPTH));
        }
        Expression expression = part.get();
        depth--;
        return expression;
    }

    private Expression conditional() {
        Expression value = or();
        while (tokens.takeName("if")) {
            Expression condition = or();
            Optional<Expression> otherwise = tokens.takeName("else") ? Optional.of(expression()) : Optional.empty();
            value = new Expression.Conditional(value, condition, otherwise);
        }
        return value;
    }

    /** An expression that ends before an {@code if}. */
    Expression or() {
        Expression left = and();
        while (tokens.takeName("or")) {
            left = new Expression.Logical(false, left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.takeName("and")) {
            left = new Expression.Logical(true, left, not());
        }
        return left;
    }

    private Expression not() {
        return tokens.takeName("not") ? new Expression.Not(inside(this::not)) : comparison();
    }

    private Expression comparison() {
        Expression first = sum();
        List<Comparand> others = new ArrayList<>();
        while (true) {
            if (tokens.peek().kind() == Kind.OPERATOR
                    && COMPARISONS.contains(tokens.peek().text())) {
                others.add(new Comparand(tokens.next().text(), sum()));
            } else if (tokens.takeName("in")) {
                others.add(new Comparand("in", sum()));
            } else if (tokens.peek().isName("not") && tokens.peekSecond().isName("in")) {
                tokens.next();
                tokens.next();
                others.add(new Comparand("not in", sum()));
            } else {
                return others.isEmpty() ? first : new Expression.Comparison(first, others);
            }
        }
    }

    private Expression sum() {
        Expression left = concatenation();
        while (tokens.peekAny(SUMS)) {
            left = new Expression.Binary(tokens.next().text(), left, concatenation());
        }
        return left;
    }

    private Expression concatenation() {
        Expression first = product();
        if (!tokens.peek().isOperator("~")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>(List.of(first));
        while (tokens.takeOperator("~")) {
            parts.add(product());
        }
        return new Expression.Concatenation(parts);
    }

    private Expression product() {
        Expression left = power();
        while (tokens.peekAny(PRODUCTS)) {
            left = new Expression.Binary(tokens.next().text(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (tokens.takeOperator("**")) {
            left = new Expression.Binary("**", left, unary(true));
        }
        return left;
    }

    /** As in Jinja2, filters behind a signed value get it with its sign. */
    private Expression unary(boolean filtered) {
        Expression value = tokens.peekAny(SUMS)
                ? new Expression.Sign(tokens.next().text(), inside(() -> unary(false)))
                : operands.parse();
        Expression whole = postfix(value);
        return filtered ? filters(whole) : whole;
    }

    /** Filters, tests and calls behind a value. */
    Expression filters(Expression value) {
        Expression result = value;
        while (true) {
            if (tokens.takeOperator("|")) {
                String name = tokens.takeAnyName("the name of a filter");
                result = new Expression.Filter(result, name, tokens.peek().isOperator("(") ? given() : Given.NOTHING);
            } else if (tokens.takeName("is")) {
                boolean negated = tokens.takeName("not");
                String name = tokens.takeAnyName("the name of a test");
                Expression test = new Expression.Test(result, name, testArguments());
                result = negated ? new Expression.Not(test) : test;
            } else if (tokens.peek().isOperator("(")) {
                result = new Expression.Call(result, given());
            } else {
                return result;
            }
        }
    }

    private Given testArguments() {
        Token next = tokens.peek();
        if (next.isOperator("(")) {
            return given();
        }
        boolean value = switch (next.kind()) {
            case NAME -> !NO_ARGUMENT.contains(next.text());
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> next.text().equals("[") || next.text().equals("{");
            case END -> false;
        };
        return value ? new Given(List.of(postfix(operands.parse())), Map.of()) : Given.NOTHING;
    }

    private Expression postfix(Expression base) {
        Expression result = base;
        while (true) {
            if (tokens.takeOperator(".")) {
                Token name = tokens.next();
                result = switch (name.kind()) {
                    case NAME -> new Expression.Attribute(result, name.text());
                    case INTEGER -> new Expression.Item(result, OperandParser.integer(name));
                    default -> throw tokens.unexpected(name, "a name or number");
                };
            } else if (tokens.takeOperator("[")) {
                result = subscript(result);
            } else if (tokens.peek().isOperator("(")) {
                result = new Expression.Call(result, given());
            } else {
                return result;
            }
        }
    }

    private Expression subscript(Expression base) {
        Optional<Expression> start = bound();
        if (start.isPresent() && tokens.takeOperator("]")) {
            return new Expression.Item(base, start.get());
        }
        tokens.expectOperator(":");
        Optional<Expression> stop = bound();
        Optional<Expression> step = tokens.takeOperator(":") ? bound() : Optional.empty();
        tokens.expectOperator("]");
        return new Expression.Slice(base, start, stop, step);
    }

    private Optional<Expression> bound() {
        boolean absent = tokens.peek().isOperator(":") || tokens.peek().isOperator("]");
        return absent ? Optional.empty() : Optional.of(expression());
    }

    /** What stands in brackets behind a function, filter or test. */
    Given given() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!tokens.takeOperator(")")) {
            if (tokens.peek().kind() == Kind.NAME && tokens.peekSecond().isOperator("=")) {
                String name = tokens.next().text();
                tokens.next();
                named.put(name, expression());
            } else if (named.isEmpty()) {
                positional.add(expression());
            } else {
                throw tokens.unexpected(tokens.peek(), "arguments by name behind the first of these");
            }
            if (!tokens.peek().isOperator(")")) {
                tokens.expectOperator(",");
            }
        }
        return new Given(positional, named);
    }
}
