package org.attention4j.benchmarks.compare;

import java.util.Collection;
import java.util.Optional;

/** Where measurements lie. */
record Spread(double median, double min, double max) {
    /** Of these measurements; empty if there are none. */
    static Optional<Spread> of(Collection<Double> measured) {
        if (measured.isEmpty()) {
            return Optional.empty();
        }
        double[] sorted =
                measured.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int n = sorted.length;
        return Optional.of(new Spread((sorted[(n - 1) / 2] + sorted[n / 2]) / 2, sorted[0], sorted[n - 1]));
    }
}
