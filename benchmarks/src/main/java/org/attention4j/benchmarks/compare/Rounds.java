package org.attention4j.benchmarks.compare;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Runs rounds until enough are kept, and tells how each one went. */
final class Rounds {
    /**
     * When enough is enough.
     *
     * @param rounds how many are to be kept
     * @param maxForeignCores the most foreign load of a run in a round that is kept
     * @param maxDiscarded how many rounds may be discarded
     */
    record Limits(int rounds, double maxForeignCores, int maxDiscarded) {}

    /**
     * What came of it.
     *
     * @param rounds all of them, in the order in which they ran
     * @param failure why there are not enough, if so
     */
    record Outcome(List<Round> rounds, Optional<String> failure) {
        List<Round> kept() {
            return rounds.stream().filter(Round::kept).toList();
        }
    }

    private final Plan plan;
    private final Limits limits;
    private final CommandRunner runner;
    private final PrintWriter progress;
    private final List<Round> rounds = new ArrayList<>();
    private boolean blind;

    Rounds(Plan plan, Limits limits, CommandRunner runner, PrintWriter progress) {
        this.plan = plan;
        this.limits = limits;
        this.runner = runner;
        this.progress = progress;
    }

    /** Runs. A run that fails ends it all, and leaves the rounds before. */
    Outcome run() throws InterruptedException {
        int kept = 0;
        int discarded = 0;
        while (kept < limits.rounds() && discarded <= limits.maxDiscarded()) {
            try {
                Round round = round(kept);
                rounds.add(round);
                if (round.kept()) {
                    kept++;
                } else {
                    discarded++;
                    say(
                            "round %d: discarded, foreign load above %.2f cores (%d discarded, at most %d)",
                            round.number(), limits.maxForeignCores(), discarded, limits.maxDiscarded());
                }
            } catch (FailedRunException e) {
                return new Outcome(List.copyOf(rounds), Optional.of(e.sentence()));
            }
        }
        return new Outcome(
                List.copyOf(rounds), kept < limits.rounds() ? Optional.of(tooNoisy(kept)) : Optional.empty());
    }

    private String tooNoisy(int kept) {
        return Numbers.format(
                "kept %d of %d rounds: %d were discarded for a foreign load above %.2f cores (%s), and at most %d may be;"
                        + " close what else runs, or raise --max-foreign or --max-discarded",
                kept,
                limits.rounds(),
                rounds.size() - kept,
                limits.maxForeignCores(),
                rounds.stream()
                        .filter(round -> !round.kept())
                        .map(round -> Numbers.format(
                                "%.2f", round.runs().getLast().foreignCores().orElseThrow()))
                        .collect(Collectors.joining(", ")),
                limits.maxDiscarded());
    }

    /** A round, which ends with the first run that saw too much foreign load: the others would be of no use. */
    private Round round(int index) throws FailedRunException, InterruptedException {
        List<Contestant> order = Orders.of(plan.contestants(), index);
        say(
                "round %d of %d: %s",
                index + 1, limits.rounds(), order.stream().map(Contestant::name).collect(Collectors.joining(", ")));
        List<Run> runs = new ArrayList<>();
        for (Contestant contestant : order) {
            TimeUnit.MILLISECONDS.sleep(plan.pause().toMillis());
            Run run = runner.run(contestant, index + 1);
            runs.add(run);
            tell(run);
            if (run.foreignCores().orElse(0) > limits.maxForeignCores()) {
                return new Round(index + 1, false, List.copyOf(runs));
            }
        }
        return new Round(index + 1, true, List.copyOf(runs));
    }

    private void tell(Run run) {
        if (run.foreignCores().isEmpty() && !blind) {
            blind = true;
            say("there is no /proc/stat that tells what else runs here: all rounds are kept");
        }
        String foreign = run.foreignCores().isPresent()
                ? Numbers.format(", foreign load %.2f cores", run.foreignCores().getAsDouble())
                : "";
        List<String> figures = new ArrayList<>();
        for (Figure figure : plan.figures()) {
            run.figure(figure.name())
                    .ifPresent(value ->
                            figures.add("%s %s %s".formatted(figure.name(), Numbers.figure(value), figure.unit())));
        }
        say("  %s: %s; %.1f s%s", run.contestant(), String.join(", ", figures), run.seconds(), foreign);
    }

    private void say(String pattern, Object... args) {
        progress.println(Numbers.format(pattern, args));
        progress.flush();
    }
}
