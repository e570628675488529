package org.attention4j.benchmarks.compare;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * What one run of a command told.
 *
 * @param seconds how long it took, with its start
 * @param foreignCores how many cores worked for others meanwhile; empty if that can't be seen
 * @param figures by name
 */
record Run(String contestant, double seconds, OptionalDouble foreignCores, Map<String, Double> figures) {
    /** A figure, if the contestant tells it. */
    OptionalDouble figure(String name) {
        return figures.containsKey(name) ? OptionalDouble.of(figures.get(name)) : OptionalDouble.empty();
    }
}
