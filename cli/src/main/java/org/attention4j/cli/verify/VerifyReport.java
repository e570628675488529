package org.attention4j.cli.verify;

import java.util.List;
import java.util.Optional;

/**
 * The JSON result of {@code verify}.
 *
 * @param backend what was verified
 * @param cases in the order of the index
 */
public record VerifyReport(String backend, long passed, long failed, long skipped, List<Case> cases) {
    /**
     * One case. What is not known is null: nothing is computed of skipped cases.
     *
     * @param kind {@code op}, {@code model} or {@code gguf}
     * @param op the op or model
     * @param outcome {@code passed}, {@code failed} or {@code skipped}
     * @param maxError the largest {@code |x − y|}
     * @param atol of the tolerance {@code |x − y| ≤ atol + rtol · |y|}
     * @param rtol of the tolerance
     * @param reason why it failed or was skipped; of one that passed, what has to be known of how it was compared
     */
    public record Case(
            String id,
            String kind,
            String op,
            String outcome,
            Optional<Double> maxError,
            Optional<Double> atol,
            Optional<Double> rtol,
            Optional<String> reason) {

        /** The case of a result. */
        public static Case of(String kind, VerifyResult r) {
            return switch (r.outcome()) {
                case VerifyResult.Passed(double maxError, Tolerance t, Optional<String> note) ->
                    of(kind, r, "passed", maxError, t, note);
                case VerifyResult.Failed(double maxError, Tolerance t, String reason) ->
                    of(kind, r, "failed", maxError, t, Optional.of(reason));
                case VerifyResult.Skipped(String reason) ->
                    new Case(
                            r.id(),
                            kind,
                            r.op(),
                            "skipped",
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(reason));
            };
        }

        private static Case of(
                String kind, VerifyResult r, String outcome, double maxError, Tolerance t, Optional<String> reason) {
            return new Case(
                    r.id(),
                    kind,
                    r.op(),
                    outcome,
                    Optional.of(maxError).filter(Double::isFinite),
                    Optional.of(t.absolute()),
                    Optional.of(t.relative()),
                    reason);
        }
    }

    /** The report of all cases. */
    public static VerifyReport of(String backend, List<Case> cases) {
        return new VerifyReport(
                backend, count(cases, "passed"), count(cases, "failed"), count(cases, "skipped"), cases);
    }

    private static long count(List<Case> cases, String outcome) {
        return cases.stream().filter(c -> c.outcome().equals(outcome)).count();
    }

    /** The last line of the text. */
    public String summary() {
        return "%d passed, %d failed, %d skipped".formatted(passed, failed, skipped);
    }
}
