package org.attention4j.benchmarks.compare;

import java.util.Collection;
import java.util.OptionalDouble;

/** Tells what else the machine computes. */
interface LoadMeter {
    /** Begins to watch. */
    Watch start();

    /** One watch, from its start to the question. */
    interface Watch {
        /**
         * How many cores, on average, worked for others than this process and those it started; empty if that can't be seen.
         *
         * @param left processes that began after the watch, are ours, and still live without a parent of ours that would wait for
         *     them
         */
        OptionalDouble foreignCores(Collection<ProcessHandle> left);
    }
}
