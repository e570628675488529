package org.attention4j.core.backend;

/**
 * Is told of work that a backend does once and that may take seconds, such as compiling a kernel. Called on whichever thread runs or
 * compiles a graph, one thing at a time.
 */
public interface Progress {
    /** Tells nobody. */
    Progress NONE = new Progress() {
        @Override
        public void begin(String what, int number, int total) {}

        @Override
        public void end() {}
    };

    /**
     * Something begins.
     *
     * @param what for people, such as {@code compiling kernel linear}
     * @param number which it is, counted from 1
     * @param total how many there will be, as far as the backend knows; never less than {@code number}
     */
    void begin(String what, int number, int total);

    /** What began last has ended, well or not. */
    void end();
}
