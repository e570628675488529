package org.attention4j.examples;

import java.io.IOException;
import java.io.PrintWriter;

/**
 * A sample program: small, complete, finished in seconds, and printing what it measured. It is registered as a service with {@code
 * @AutoService(Sample.class)}, which is all it takes to be listed and run by {@code attention4j example}.
 */
public interface Sample {
    /** What it is called by, such as {@code two_sessions}. */
    String name();

    /** What it shows, in one line. */
    String description();

    /** Its options as people write them: {@code [--NAME VALUE]}, separated by spaces; then other words, if it takes some: {@code [NAME...]}. */
    default String options() {
        return "[--backend NAME]";
    }

    /**
     * Runs it.
     *
     * @param arguments what the user chose
     * @param out takes what it found out
     * @throws IllegalArgumentException if an argument is wrong
     * @throws IOException if a file can't be read or written
     */
    void run(Arguments arguments, PrintWriter out) throws IOException;
}
