package org.attention4j.loaders.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.loaders.chat.jinja.Expression.Comparand;
import org.attention4j.loaders.chat.jinja.Expression.Given;

/** Computes expressions in a scope. */
final class Evaluator {
    private final Scope scope;
    private final Budget budget;
    private final Access access;
    private final Arithmetic arithmetic;
    private final Ordering ordering;

    /** What names stand for. */
    interface Scope {
        /** A variable, if there is one. */
        Optional<Object> variable(String name);

        /** A filter of this name with its arguments' values. */
        Object filter(String name, Object input, Arguments arguments);

        /** A test of this name with its arguments' values. */
        boolean test(String name, Object input, Arguments arguments);
    }

    Evaluator(Scope scope, Budget budget) {
        this.scope = scope;
        this.budget = budget;
        this.access = new Access(budget);
        this.arithmetic = new Arithmetic(budget);
        this.ordering = new Ordering(budget);
    }

    Object evaluate(Expression expression) {
        budget.spend(1);
        return switch (expression) {
            case Expression.Literal literal -> literal.value();
            case Expression.Name name ->
                scope.variable(name.name()).orElseGet(() -> new Undefined("'%s' is undefined".formatted(name.name())));
            case Expression.ListOf list -> all(list.elements());
            case Expression.TupleOf tuple -> Tuple.of(all(tuple.elements()));
            case Expression.MapOf map -> map(map);
            case Expression.Attribute attribute -> access.attribute(evaluate(attribute.base()), attribute.name());
            case Expression.Item item -> access.item(evaluate(item.base()), evaluate(item.key()));
            case Expression.Slice slice ->
                access.slice(evaluate(slice.base()), index(slice.start()), index(slice.stop()), index(slice.step()));
            case Expression.Call call -> call(call);
            case Expression.Filter filter -> filter(filter);
            case Expression.Test test ->
                scope.test(test.name(), evaluate(test.input()), arguments("test " + test.name(), test.arguments()));
            case Expression.Not not -> !isTrue(not.operand());
            case Expression.Logical logical -> logical(logical);
            case Expression.Sign sign -> Arithmetic.signed(sign.operator(), evaluate(sign.operand()));
            case Expression.Binary binary ->
                arithmetic.apply(binary.operator(), evaluate(binary.left()), evaluate(binary.right()));
            case Expression.Concatenation concatenation -> concatenation(concatenation);
            case Expression.Comparison comparison -> comparison(comparison);
            case Expression.Conditional conditional -> conditional(conditional);
        };
    }

    /** Whether an expression's value is true. */
    boolean isTrue(Expression condition) {
        return Values.isTrue(evaluate(condition));
    }

    private List<Object> all(List<Expression> expressions) {
        budget.spendElements(expressions.size());
        List<Object> values = new ArrayList<>(expressions.size());
        expressions.forEach(e -> values.add(evaluate(e)));
        return values;
    }

    private Map<Object, Object> map(Expression.MapOf map) {
        budget.spendElements(map.members().size());
        Map<Object, Object> values = new LinkedHashMap<>();
        map.members().forEach(m -> values.put(Values.key(evaluate(m.key())), evaluate(m.value())));
        return values;
    }

    private Optional<Long> index(Optional<Expression> bound) {
        return bound.map(this::evaluate).filter(value -> value != None.NONE).map(value -> {
            if (!(value instanceof Long index)) {
                throw TemplateFailure.unexpected("slice", value, "integers");
            }
            return index;
        });
    }

    private Object call(Expression.Call call) {
        Object callee = evaluate(call.callee());
        if (callee instanceof Undefined undefined) {
            throw undefined.failure();
        }
        if (!(callee instanceof Callable callable)) {
            throw TemplateFailure.unexpected("call", callee, "a function");
        }
        return callable.call(arguments(name(call.callee()), call.arguments()));
    }

    private static String name(Expression callee) {
        return switch (callee) {
            case Expression.Name name -> name.name();
            case Expression.Attribute attribute -> attribute.name();
            default -> "call";
        };
    }

    private Object filter(Expression.Filter filter) {
        return scope.filter(
                filter.name(), evaluate(filter.input()), arguments("filter " + filter.name(), filter.arguments()));
    }

    /** The values of arguments. */
    Arguments arguments(String what, Given given) {
        Map<String, Object> named = new LinkedHashMap<>();
        given.named().forEach((name, value) -> named.put(name, evaluate(value)));
        return new Arguments(what, all(given.positional()), named);
    }

    private Object logical(Expression.Logical logical) {
        Object left = evaluate(logical.left());
        return Values.isTrue(left) == logical.and() ? evaluate(logical.right()) : left;
    }

    private String concatenation(Expression.Concatenation concatenation) {
        StringBuilder text = new StringBuilder();
        for (Expression part : concatenation.parts()) {
            String next = Text.of(budget, evaluate(part));
            budget.spendText(text, next.length());
            text.append(next);
        }
        return text.toString();
    }

    private Object comparison(Expression.Comparison comparison) {
        Object left = evaluate(comparison.first());
        for (Comparand comparand : comparison.others()) {
            Object right = evaluate(comparand.value());
            if (!compare(comparand.operator(), left, right)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private boolean compare(String operator, Object left, Object right) {
        return switch (operator) {
            case "==" -> ordering.areEqual(left, right);
            case "!=" -> !ordering.areEqual(left, right);
            case "in" -> ordering.contains(right, left);
            case "not in" -> !ordering.contains(right, left);
            case "<" -> ordering.compare(left, right) < 0;
            case "<=" -> ordering.compare(left, right) <= 0;
            case ">" -> ordering.compare(left, right) > 0;
            case ">=" -> ordering.compare(left, right) >= 0;
            default -> throw new IllegalStateException(operator);
        };
    }

    private Object conditional(Expression.Conditional conditional) {
        if (isTrue(conditional.condition())) {
            return evaluate(conditional.then());
        }
        return conditional
                .otherwise()
                .map(this::evaluate)
                .orElseGet(() -> new Undefined("the condition of an inline if does not hold, and it has no else"));
    }
}
