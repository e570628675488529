package org.attention4j.benchmarks.compare;

/** A contestant did not do what it was to do. The message is a sentence that names it and the round. */
final class FailedRunException extends Exception {
    private static final long serialVersionUID = 1;

    private final String sentence;

    FailedRunException(String sentence) {
        super(sentence);
        this.sentence = sentence;
    }

    /** The message. */
    String sentence() {
        return sentence;
    }
}
