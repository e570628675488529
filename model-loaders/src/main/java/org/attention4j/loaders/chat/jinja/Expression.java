package org.attention4j.loaders.chat.jinja;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An expression, parsed. */
sealed interface Expression {
    /** A string, a number, a truth value or {@code none}. */
    record Literal(Object value) implements Expression {}

    /** A variable or function. */
    record Name(String name) implements Expression {}

    /** A list. */
    record ListOf(List<Expression> elements) implements Expression {}

    /** A tuple. */
    record TupleOf(List<Expression> elements) implements Expression {}

    /** A map. */
    record MapOf(List<Member> members) implements Expression {}

    /** A key and a value. */
    record Member(Expression key, Expression value) {}

    /** {@code base.name}. */
    record Attribute(Expression base, String name) implements Expression {}

    /** {@code base[key]}. */
    record Item(Expression base, Expression key) implements Expression {}

    /** {@code base[start:stop:step]}. */
    record Slice(Expression base, Optional<Expression> start, Optional<Expression> stop, Optional<Expression> step)
            implements Expression {}

    /** What is given to a function, filter or test. */
    record Given(List<Expression> positional, Map<String, Expression> named) {
        static final Given NOTHING = new Given(List.of(), Map.of());
    }

    /** {@code callee(...)}. */
    record Call(Expression callee, Given arguments) implements Expression {}

    /** {@code input | name(...)}. */
    record Filter(Expression input, String name, Given arguments) implements Expression {}

    /** {@code input is name(...)}. */
    record Test(Expression input, String name, Given arguments) implements Expression {}

    /** {@code not operand}. */
    record Not(Expression operand) implements Expression {}

    /** {@code left and right}, {@code left or right}: the value of the side that decides. */
    record Logical(boolean and, Expression left, Expression right) implements Expression {}

    /** {@code + operand}, {@code - operand}. */
    record Sign(String operator, Expression operand) implements Expression {}

    /** An operator of {@link Arithmetic}. */
    record Binary(String operator, Expression left, Expression right) implements Expression {}

    /** {@code a ~ b ~ c}. */
    record Concatenation(List<Expression> parts) implements Expression {}

    /** {@code a < b <= c}, {@code a in b}. */
    record Comparison(Expression first, List<Comparand> others) implements Expression {}

    /** An operator and what is on its right. */
    record Comparand(String operator, Expression value) {}

    /** {@code then if condition else otherwise}. */
    record Conditional(Expression then, Expression condition, Optional<Expression> otherwise) implements Expression {}
}
