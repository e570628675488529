package org.attention4j.loaders.chat.jinja;

import com.hubspot.jinjava.interpret.InterpretException;

/** A template that can't go on. Jinjava lets it through; {@link JinjaTemplate} adds the line and makes it its own exception. */
final class TemplateFailure extends InterpretException {
    private static final long serialVersionUID = 1L;

    TemplateFailure(String message) {
        super(message);
    }

    TemplateFailure(String message, int line) {
        super(message, line);
    }

    /** The value of some type where another was expected. */
    static TemplateFailure unexpected(String what, Object value, String expected) {
        return new TemplateFailure("%s: got %s, expected %s".formatted(what, Values.describe(value), expected));
    }
}
