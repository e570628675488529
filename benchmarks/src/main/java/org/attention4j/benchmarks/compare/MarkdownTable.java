package org.attention4j.benchmarks.compare;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** The result for people: a row for each contestant, two columns for each figure. */
final class MarkdownTable {
    private MarkdownTable() {}

    /** The table, and a line on how many rounds it tells of. */
    static String of(Report report) {
        String ours = report.contestants().stream()
                .filter(Report.Entry::ours)
                .map(Report.Entry::name)
                .findFirst()
                .orElseThrow();
        StringBuilder text = new StringBuilder();
        List<String> header = report.figures().stream()
                .flatMap(figure -> Stream.of(head(figure), "ratio"))
                .toList();
        row(text, "", header);
        row(text, "---", Collections.nCopies(header.size(), "---"));
        for (Report.Entry contestant : report.contestants()) {
            row(
                    text,
                    contestant.name(),
                    report.figures().stream()
                            .map(figure ->
                                    Optional.ofNullable(contestant.results().get(figure.name())))
                            .flatMap(MarkdownTable::cells)
                            .toList());
        }
        return text.append('\n').append(footer(report, ours)).append('\n').toString();
    }

    private static String head(Figure figure) {
        return figure.name() + ", " + figure.unit() + (figure.largerIsBetter() ? "" : " (less is better)");
    }

    private static Stream<String> cells(Optional<Report.Result> result) {
        return Stream.of(
                result.map(r -> Numbers.figures(r.measured())).orElse(""),
                result.flatMap(Report.Result::ratio).map(Numbers::ratios).orElse(""));
    }

    private static String footer(Report report, String ours) {
        List<Round> kept = report.rounds().stream().filter(Round::kept).toList();
        OptionalDouble foreign = kept.stream()
                .flatMap(round -> round.runs().stream())
                .map(Run::foreignCores)
                .flatMapToDouble(OptionalDouble::stream)
                .max();
        return "Medians (and ranges) of %d rounds; %s ÷ the other in each round. Discarded: %d. %s."
                .formatted(
                        kept.size(),
                        escaped(ours),
                        report.rounds().size() - kept.size(),
                        foreign.isPresent()
                                ? Numbers.format("Foreign load at most %.2f cores", foreign.getAsDouble())
                                : "Foreign load unknown");
    }

    private static void row(StringBuilder text, String first, List<String> others) {
        text.append("| ").append(escaped(first)).append(first.isEmpty() ? "|" : " |");
        others.forEach(cell -> text.append(' ').append(escaped(cell)).append(cell.isEmpty() ? "|" : " |"));
        text.append('\n');
    }

    private static String escaped(String cell) {
        return cell.replace("|", "\\|").replaceAll("\\p{Cntrl}", " ");
    }
}
