package org.attention4j.benchmarks.compare;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * What is compared, as a file says it.
 *
 * @param contestants at least two, of different names
 * @param ours the one that the others are compared with
 * @param rounds how many rounds are to be kept, if the file says it
 * @param timeout after which a command is ended
 * @param pause before each command
 */
record Plan(
        List<Figure> figures,
        List<Contestant> contestants,
        Contestant ours,
        OptionalInt rounds,
        Duration timeout,
        Duration pause) {}
