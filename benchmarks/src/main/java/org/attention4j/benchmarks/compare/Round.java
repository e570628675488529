package org.attention4j.benchmarks.compare;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Runs of all contestants in turn.
 *
 * @param number from 1; one that is discarded has the same number as the one in its place
 * @param kept whether it counts; otherwise it ended with the run that saw too much foreign load
 * @param runs in the order in which they ran
 */
record Round(int number, boolean kept, List<Run> runs) {
    /** A figure of a contestant, if it has it. */
    OptionalDouble figure(String contestant, String name) {
        return runs.stream()
                .filter(run -> run.contestant().equals(contestant))
                .flatMapToDouble(run -> run.figure(name).stream())
                .findFirst();
    }
}
