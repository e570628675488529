package org.attention4j.cli.verify;

import java.util.Optional;

/**
 * What became of one case.
 *
 * @param id the case's name in the index
 * @param op the op or model that it is a case of
 */
public record VerifyResult(String id, String op, Outcome outcome) {
    /** Passed, failed or skipped. */
    public sealed interface Outcome {}

    /**
     * All results were near enough.
     *
     * @param note what has to be known of how they were compared
     */
    public record Passed(double maxError, Tolerance tolerance, Optional<String> note) implements Outcome {
        /** Compared as all others. */
        public Passed(double maxError, Tolerance tolerance) {
            this(maxError, tolerance, Optional.empty());
        }
    }

    /**
     * A result was not near enough, or could not be computed.
     *
     * @param maxError NaN if nothing was computed
     * @param reason one line
     */
    public record Failed(double maxError, Tolerance tolerance, String reason) implements Outcome {}

    /**
     * Nothing was computed, and nothing is claimed.
     *
     * @param reason one line
     */
    public record Skipped(String reason) implements Outcome {}

    /** One line, for example {@code rope/00 rope_table_yarn: failed: max error 3.2e-01, tolerance 1.0e-05 + …: cos[0, 3] is …}. */
    @Override
    public String toString() {
        String what = id + " " + op + ": ";
        return switch (outcome) {
            case Passed p ->
                what
                        + "passed: max error %.1e, tolerance %s%s"
                                .formatted(
                                        p.maxError(),
                                        p.tolerance(),
                                        p.note().map(note -> ": " + note).orElse(""));
            case Failed f ->
                what + "failed: max error %.1e, tolerance %s: %s".formatted(f.maxError(), f.tolerance(), f.reason());
            case Skipped s -> what + "skipped: " + s.reason();
        };
    }
}
