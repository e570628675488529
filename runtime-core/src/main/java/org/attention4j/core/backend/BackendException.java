package org.attention4j.core.backend;

/** A backend is missing, can't do what was asked, or failed at it. The message is one line for the user. */
public final class BackendException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With a message that says what, where, and what was expected. */
    public BackendException(String message) {
        super(message);
    }

    /** With a message that says what, where, and what was expected, and what the engine threw. */
    public BackendException(String message, Throwable cause) {
        super(message, cause);
    }
}
