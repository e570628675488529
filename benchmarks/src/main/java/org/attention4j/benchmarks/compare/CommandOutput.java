package org.attention4j.benchmarks.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.attention4j.benchmarks.compare.FigureSource.Origin;

/** The texts that one run of a command leaves. To be made before the run, so that what an earlier one left is not taken for them. */
final class CommandOutput {
    private static final int LAST_LINES = 5;
    private static final int LONGEST_LINE = 300;
    private static final FileTime NEVER = FileTime.fromMillis(Long.MIN_VALUE);

    private final Path stdout;
    private final Path stderr;
    private final Path directory;
    private final Map<Path, FileTime> before = new HashMap<>();

    /**
     * Of a run that is to come.
     *
     * @param scratch a directory where the run's standard output and error are kept
     */
    CommandOutput(Contestant contestant, Path scratch) {
        this.stdout = scratch.resolve("stdout");
        this.stderr = scratch.resolve("stderr");
        this.directory = contestant.directory().orElse(Path.of(""));
        for (FigureSource source : contestant.figures().values()) {
            if (source.origin() instanceof Origin.Written written) {
                Path file = directory.resolve(written.file());
                before.put(file, modified(file));
            }
        }
    }

    /** The file that standard output goes to. */
    Path stdout() {
        return stdout;
    }

    /** The file that standard error goes to. */
    Path stderr() {
        return stderr;
    }

    /**
     * One of the texts.
     *
     * @throws MissingFigureException if it is a file that the run did not write
     */
    String text(Origin origin) throws MissingFigureException {
        return switch (origin) {
            case Origin.Stdout _ -> read(stdout);
            case Origin.Stderr _ -> read(stderr);
            case Origin.Written written -> {
                Path file = directory.resolve(written.file());
                if (modified(file).equals(before.get(file))) {
                    throw new MissingFigureException(file + " was not written");
                }
                yield read(file);
            }
        };
    }

    /** The last lines of standard error, or, if nothing is there, of standard output, in one line. */
    String lastWords() {
        String error = lastLines(stderr);
        String out = error.isEmpty() ? lastLines(stdout) : "";
        if (!error.isEmpty()) {
            return "stderr ends with: " + error;
        }
        return out.isEmpty() ? "it printed nothing" : "nothing is on stderr, stdout ends with: " + out;
    }

    private static String lastLines(Path file) {
        List<String> lines = read(file)
                .lines()
                .map(line -> line.replaceAll("\\p{Cntrl}+", " ").strip())
                .filter(line -> !line.isEmpty())
                .map(line -> line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…")
                .toList();
        return lines.stream().skip(Math.max(0, lines.size() - LAST_LINES)).collect(Collectors.joining(" | "));
    }

    /** What is not UTF-8 is replaced: the figures may well stand in the rest. */
    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileTime modified(Path file) {
        try {
            return Files.exists(file) ? Files.getLastModifiedTime(file) : NEVER;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
