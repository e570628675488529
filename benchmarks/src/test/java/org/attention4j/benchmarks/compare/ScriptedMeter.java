package org.attention4j.benchmarks.compare;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;

/** Tells loads that a test chose, one for each run, then none. */
final class ScriptedMeter implements LoadMeter {
    private final Deque<Double> loads;

    ScriptedMeter(Double... loads) {
        this.loads = new ArrayDeque<>(List.of(loads));
    }

    /** A machine that tells nothing. */
    static LoadMeter blind() {
        return () -> _ -> OptionalDouble.empty();
    }

    @Override
    public Watch start() {
        double load = loads.isEmpty() ? 0 : loads.pop();
        return _ -> OptionalDouble.of(load);
    }
}
