package org.attention4j.benchmarks.compare;

/** A command did not tell a figure. The message begins with where it was looked for. */
final class MissingFigureException extends Exception {
    private static final long serialVersionUID = 1;

    MissingFigureException(String message) {
        super(message);
    }
}
