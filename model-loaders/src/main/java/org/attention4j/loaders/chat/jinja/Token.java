package org.attention4j.loaders.chat.jinja;

/**
 * A piece of an expression.
 *
 * @param text a name or operator as it is written, a string's value, a number's digits
 * @param end where it ends in the source
 */
record Token(Kind kind, String text, int end) {
    /** What a token is. */
    enum Kind {
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    boolean isOperator(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }
}
