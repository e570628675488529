package org.attention4j.loaders.chat.jinja;

/** A template that is no Jinja, raised an error, or went beyond its limits. The message is one line. */
public final class JinjaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JinjaException(int line, String message) {
        super(line > 0 ? "line %d: %s".formatted(line, message) : message);
    }
}
