package org.attention4j.benchmarks.compare;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A command that measures something.
 *
 * @param command the program and its arguments, which no shell sees
 * @param directory where it runs; the current one if empty
 * @param environment variables besides those of this process
 * @param figures how to read each figure that it tells, by the figure's name
 */
record Contestant(
        String name,
        List<String> command,
        Optional<Path> directory,
        Map<String, String> environment,
        Map<String, FigureSource> figures) {}
