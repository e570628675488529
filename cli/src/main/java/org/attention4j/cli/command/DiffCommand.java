package org.attention4j.cli.command;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.attention4j.ModelLocation;
import org.attention4j.cli.CliCommand;
import org.attention4j.cli.diff.BackendDiff;
import org.attention4j.cli.diff.ValueDifference;
import org.attention4j.cli.options.JsonOption;
import org.attention4j.cli.options.ModelOption;
import org.attention4j.cli.report.Units;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.Plan;
import org.attention4j.loaders.Architectures;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormats;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Finds the first op whose result differs between two backends. */
@AutoService(CliCommand.class)
@Command(
        name = "diff",
        description = "Runs tokens on two backends, compares all values, and tells the first op that differs.")
public final class DiffCommand implements CliCommand {
    /**
     * The JSON result.
     *
     * @param values how many values were compared
     * @param first the first value out of tolerance; null if there is none
     * @param lowering what the backend made of the op that gives this value; null if there is none
     * @param differences all values, in the order in which they are computed
     */
    record Report(
            String model,
            String backend,
            String against,
            int values,
            Optional<ValueDifference> first,
            Optional<String> lowering,
            List<ValueDifference> differences) {}

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption model;

    @Mixin
    private JsonOption json;

    @Option(
            names = "--against",
            paramLabel = "NAME",
            defaultValue = "reference",
            description = "The backend that is right. Default: ${DEFAULT-VALUE}.")
    private String against;

    @Option(
            names = "--tokens",
            split = ",",
            required = true,
            paramLabel = "ID",
            description = "Token ids, with commas between them.")
    private List<Integer> tokens;

    @Option(names = "--atol", paramLabel = "X", defaultValue = "1e-5", description = "Default: ${DEFAULT-VALUE}.")
    private double atol;

    @Option(
            names = "--rtol",
            paramLabel = "X",
            defaultValue = "1e-3",
            description = "A value differs where |x - y| > atol + rtol * max |y|. Default: ${DEFAULT-VALUE}.")
    private double rtol;

    @Option(names = "--all", description = "Print a line for each value.")
    private boolean all;

    @Override
    public Integer call() throws IOException {
        Report report = compare();
        PrintWriter out = spec.commandLine().getOut();
        if (!json.replacesText()) {
            if (all) {
                report.differences.forEach(d -> out.println(line(d)));
            }
            out.println(summary(report));
            out.flush();
        }
        json.write(report, out);
        return report.first.isPresent() ? 1 : 0;
    }

    private Report compare() {
        int[] ids = tokens.stream().mapToInt(Integer::intValue).toArray();
        List<ValueDifference> differences = new ArrayList<>();
        try (Checkpoint checkpoint = ModelFormats.open(ModelLocation.resolve(model.location()));
                Backend backend = model.backend().create();
                Backend reference = Backends.create(against, BackendOptions.DEFAULT)) {
            var definition = Architectures.define(checkpoint);
            int vocabSize = definition.info().vocabSize();
            for (int id : ids) {
                if (id < 0 || id >= vocabSize) {
                    throw new IllegalArgumentException(
                            "--tokens: got %d, expected ids from 0 to %d".formatted(id, vocabSize - 1));
                }
            }
            Plan plan = new BackendDiff(atol, rtol).run(definition, backend, reference, ids, differences::add);
            Optional<ValueDifference> first =
                    differences.stream().filter(d -> !d.holds()).findFirst();
            return new Report(
                    model.location(),
                    backend.name(),
                    reference.name(),
                    differences.size(),
                    first,
                    first.flatMap(d -> lowering(plan, d.value())),
                    differences);
        }
    }

    private static Optional<String> lowering(Plan plan, String value) {
        return plan.choices().stream()
                .filter(c -> c.label().equals(value))
                .findFirst()
                .map(c -> c.op() + " → " + c.lowering());
    }

    private static String line(ValueDifference d) {
        return Units.format(
                "%s %.3g (%.3g)  %s, from token %d",
                d.holds() ? "ok  " : "DIFF", d.maxError(), d.tolerance(), d.value(), d.firstToken());
    }

    private static String summary(Report r) {
        if (r.first.isPresent()) {
            ValueDifference d = r.first.get();
            return Units.format(
                    "first difference: %s%s, tokens from %d on: |x - y| is %.3g at %s, expected at most %.3g; %s gave"
                            + " %s, %s %s",
                    d.value(),
                    r.lowering.map(l -> " (" + l + ")").orElse(""),
                    d.firstToken(),
                    d.maxError(),
                    d.index(),
                    d.tolerance(),
                    r.backend,
                    d.actual(),
                    r.against,
                    d.expected());
        }
        String largest = r.differences.stream()
                .max(Comparator.comparingDouble(d -> d.maxError() / d.tolerance()))
                .map(d -> Units.format(
                        "; nearest to its tolerance: %.3g of %.3g at %s", d.maxError(), d.tolerance(), d.value()))
                .orElse("");
        return "%d values agree on %s and %s%s".formatted(r.values, r.backend, r.against, largest);
    }
}
