package org.attention4j.loaders.chat.jinja;

/** What filters and tests may use. */
record FilterScope(Budget budget, Evaluator.Scope scope) {
    Access access() {
        return new Access(budget);
    }

    Ordering ordering() {
        return new Ordering(budget);
    }

    /** A value as text, whose length is spent, since it will be read. */
    String text(Object value) {
        String text = Text.of(budget, value);
        budget.spendText(text.length());
        return text;
    }
}
