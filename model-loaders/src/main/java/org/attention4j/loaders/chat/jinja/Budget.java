package org.attention4j.loaders.chat.jinja;

/** What one rendering may still spend. Everything that takes time or memory in proportion to a value's size spends it first. */
final class Budget {
    /** What an element of a list or map costs: it takes about this many times a character's memory. */
    static final int ELEMENT = 16;

    private static final int MAX_DEPTH = 200;
    private static final int CLOCK_INTERVAL = 1 << 16;

    private final Limits limits;
    private final long start = System.nanoTime();
    private long left;
    private int depth;
    private long untilClock = CLOCK_INTERVAL;

    Budget(Limits limits) {
        this.limits = limits;
        this.left = limits.work();
    }

    /** Takes {@code work} steps off what is left. */
    void spend(long work) {
        left -= work;
        if (left < 0) {
            throw new TemplateFailure("stopped after %d steps: the template does too much".formatted(limits.work()));
        }
        untilClock -= work;
        if (untilClock < 0) {
            untilClock = CLOCK_INTERVAL;
            checkClock();
        }
    }

    /** Takes the cost of a list or map of {@code size} elements. */
    void spendElements(long size) {
        spend(size > limits.work() / ELEMENT ? limits.work() + 1 : size * ELEMENT);
    }

    /** Takes the cost of a text that is about to be made. */
    void spendText(long length) {
        if (length > limits.textLength()) {
            throw new TemplateFailure(
                    "stopped at a text of %d characters, expected at most %d".formatted(length, limits.textLength()));
        }
        spend(length);
    }

    /** Takes the cost of {@code more} characters that are about to be added to a text. */
    void spendText(CharSequence text, long more) {
        if (text.length() + more > limits.textLength()) {
            spendText(text.length() + more);
        }
        spend(more);
    }

    /** Goes into a value inside of a value, or into a macro's body; {@link #leave} comes back. */
    void enter() {
        if (++depth > MAX_DEPTH) {
            throw new TemplateFailure(
                    "stopped at a depth of %d: values or macros inside each other".formatted(MAX_DEPTH));
        }
    }

    void leave() {
        depth--;
    }

    private void checkClock() {
        if (System.nanoTime() - start > limits.time().toNanos()) {
            throw new TemplateFailure("stopped after %s: the template takes too long"
                    .formatted(limits.time().toMillis() + " ms"));
        }
    }
}
