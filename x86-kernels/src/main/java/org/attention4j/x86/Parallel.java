package org.attention4j.x86;

/** Runs {@code function(task, i)}, both addresses, for all i below a count, on as many threads as there are. */
@FunctionalInterface
public interface Parallel {
    /** Returns when all have been run; one alone is run by the thread that calls. */
    void run(long function, long task, long count);
}
