package org.attention4j.benchmarks.compare;

import java.nio.file.Path;
import java.util.OptionalDouble;

/**
 * Where a figure stands in what a command leaves.
 *
 * @param numerator if given, the figure is this number divided by what is read: 1000 makes a rate per second of milliseconds
 */
record FigureSource(Origin origin, Extraction extraction, OptionalDouble numerator) {
    /** A text that a command leaves. */
    sealed interface Origin {
        /** What the command prints. */
        record Stdout() implements Origin {
            @Override
            public String toString() {
                return "stdout";
            }
        }

        /** What the command prints beside its result. */
        record Stderr() implements Origin {
            @Override
            public String toString() {
                return "stderr";
            }
        }

        /** A file that the command writes, seen from its directory. */
        record Written(Path file) implements Origin {
            @Override
            public String toString() {
                return file.toString();
            }
        }
    }

    /**
     * The figure.
     *
     * @throws MissingFigureException if it is not there, or is no positive number
     */
    double read(CommandOutput output) throws MissingFigureException {
        String found = extraction.find(origin.toString(), output.text(origin));
        double value = number(found);
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new MissingFigureException(
                    "%s has \"%s\" at %s, expected a positive number".formatted(origin, found, extraction));
        }
        return numerator.isPresent() ? numerator.getAsDouble() / value : value;
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
