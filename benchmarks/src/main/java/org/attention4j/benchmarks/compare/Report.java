package org.attention4j.benchmarks.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The result, as its JSON has it.
 *
 * @param rounds all of them, also those that were discarded
 * @param failure why rounds are missing, if so
 */
record Report(
        Machine machine,
        Rounds.Limits limits,
        double timeoutSeconds,
        double pauseSeconds,
        List<Figure> figures,
        List<Entry> contestants,
        List<Round> rounds,
        Optional<String> failure) {
    /**
     * A contestant and what it reached.
     *
     * @param ours whether the others are compared with it
     * @param directory where its command ran; {@code null} for the directory of the comparison
     * @param environment variables besides those of the comparison
     * @param results by figure; without those that it doesn't tell
     */
    record Entry(
            String name,
            boolean ours,
            List<String> command,
            Optional<String> directory,
            Map<String, String> environment,
            Map<String, Result> results) {}

    /**
     * Of the rounds kept.
     *
     * @param measured the figure
     * @param ratio in each round ours by this one's; none for ours, and where ours has no such figure
     */
    record Result(Spread measured, Optional<Spread> ratio) {}

    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** Of the rounds that a plan led to. */
    static Report of(Machine machine, Plan plan, Rounds.Limits limits, Rounds.Outcome outcome) {
        return new Report(
                machine,
                limits,
                plan.timeout().toMillis() / 1e3,
                plan.pause().toMillis() / 1e3,
                plan.figures(),
                plan.contestants().stream()
                        .map(c -> entry(c, plan, outcome.kept()))
                        .toList(),
                outcome.rounds(),
                outcome.failure());
    }

    private static Entry entry(Contestant contestant, Plan plan, List<Round> kept) {
        boolean ours = contestant.equals(plan.ours());
        Map<String, Result> results = new LinkedHashMap<>();
        for (Figure figure : plan.figures()) {
            List<Double> measured = new ArrayList<>();
            List<Double> ratios = new ArrayList<>();
            for (Round round : kept) {
                round.figure(contestant.name(), figure.name()).ifPresent(theirs -> {
                    measured.add(theirs);
                    round.figure(plan.ours().name(), figure.name()).ifPresent(our -> ratios.add(our / theirs));
                });
            }
            Spread.of(measured)
                    .map(spread -> new Result(spread, ours ? Optional.empty() : Spread.of(ratios)))
                    .ifPresent(result -> results.put(figure.name(), result));
        }
        return new Entry(
                contestant.name(),
                ours,
                contestant.command(),
                contestant.directory().map(Object::toString),
                contestant.environment(),
                results);
    }

    /** As JSON, indented, with a line break at the end. */
    String json() {
        return MAPPER.writeValueAsString(this) + "\n";
    }
}
