package org.attention4j.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** Runs one command, watches the machine meanwhile, and reads the figures. */
final class CommandRunner {
    private final LoadMeter meter;
    private final Path scratch;
    private final Duration timeout;

    /**
     * A runner of commands.
     *
     * @param scratch a directory for what they print
     * @param timeout after which a command and all that it started is ended
     */
    CommandRunner(LoadMeter meter, Path scratch, Duration timeout) {
        this.meter = meter;
        this.scratch = scratch;
        this.timeout = timeout;
    }

    /**
     * Runs a contestant's command to its end. What it leaves running is ended too: it would disturb the next one.
     *
     * @param round for complaints
     * @throws FailedRunException if it can't be started, takes too long, ends with another code than 0, or a figure is missing
     */
    Run run(Contestant contestant, int round) throws FailedRunException, InterruptedException {
        CommandOutput output = new CommandOutput(contestant, scratch);
        LoadMeter.Watch watch = meter.start();
        long start = System.nanoTime();
        OptionalDouble foreign;
        double seconds;
        Process process = start(contestant, round, output);
        try (ProcessTree tree = new ProcessTree(process)) {
            boolean inTime = tree.waitFor(timeout);
            seconds = (System.nanoTime() - start) / 1e9;
            foreign = watch.foreignCores(tree.left());
            if (!inTime) {
                throw failed(contestant, round, "was ended after %s s".formatted(seconds(timeout)), output);
            }
        }
        if (process.exitValue() != 0) {
            throw failed(contestant, round, "ended with exit code " + process.exitValue(), output);
        }
        return new Run(contestant.name(), seconds, foreign, figures(contestant, round, output));
    }

    private static Process start(Contestant contestant, int round, CommandOutput output) throws FailedRunException {
        ProcessBuilder builder = new ProcessBuilder(contestant.command())
                .redirectOutput(output.stdout().toFile())
                .redirectError(output.stderr().toFile());
        contestant.directory().ifPresent(directory -> builder.directory(directory.toFile()));
        builder.environment().putAll(contestant.environment());
        try {
            Process process = builder.start();
            // Nobody is there to answer it.
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new FailedRunException(
                    "%s, round %d: can't be started: %s".formatted(contestant.name(), round, e.getMessage()));
        }
    }

    private static Map<String, Double> figures(Contestant contestant, int round, CommandOutput output)
            throws FailedRunException {
        Map<String, Double> figures = new LinkedHashMap<>();
        for (Map.Entry<String, FigureSource> figure : contestant.figures().entrySet()) {
            try {
                figures.put(figure.getKey(), figure.getValue().read(output));
            } catch (MissingFigureException e) {
                throw failed(
                        contestant,
                        round,
                        "ended with exit code 0, but without the figure %s: %s"
                                .formatted(figure.getKey(), e.getMessage()),
                        output);
            }
        }
        return figures;
    }

    private static FailedRunException failed(Contestant contestant, int round, String how, CommandOutput output) {
        return new FailedRunException(
                "%s, round %d: %s; %s".formatted(contestant.name(), round, how, output.lastWords()));
    }

    private static String seconds(Duration time) {
        return Numbers.format("%.3f", time.toMillis() / 1e3).replaceAll("\\.?0+$", "");
    }
}
