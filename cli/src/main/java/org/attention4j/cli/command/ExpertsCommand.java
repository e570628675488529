package org.attention4j.cli.command;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.attention4j.ModelLocation;
import org.attention4j.cli.CliCommand;
import org.attention4j.cli.options.JsonOption;
import org.attention4j.cli.options.ModelOption;
import org.attention4j.cli.report.Units;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.moe.ExpertLoad;
import org.attention4j.loaders.Architectures;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormats;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells how tokens spread over experts. */
@AutoService(CliCommand.class)
@Command(name = "experts", description = "Tells how many of some tokens go through each expert of a model.")
public final class ExpertsCommand implements CliCommand {
    /** The JSON result. */
    record Report(String model, String backend, int tokens, List<Load> layers) {}

    /**
     * The load of one mixture.
     *
     * @param counts how many tokens went through each expert
     * @param imbalance how many times the load of the busiest expert is what each would have if all had the same
     */
    record Load(String label, List<Long> counts, double imbalance) {}

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption model;

    @Mixin
    private JsonOption json;

    @Option(
            names = "--tokens",
            split = ",",
            required = true,
            paramLabel = "ID",
            description = "Token ids, with commas between them.")
    private List<Integer> tokens;

    @Override
    public Integer call() throws IOException {
        Report report = run();
        PrintWriter out = spec.commandLine().getOut();
        if (!json.replacesText()) {
            report.layers.forEach(load -> out.println(line(load)));
            out.flush();
        }
        json.write(report, out);
        return 0;
    }

    private Report run() {
        try (Checkpoint checkpoint = ModelFormats.open(ModelLocation.resolve(model.location()));
                Backend backend = model.backend().create()) {
            ModelDefinition definition = Architectures.define(checkpoint);
            int[] ids = tokens.stream().mapToInt(Integer::intValue).toArray();
            requireIds(ids, definition.info().vocabSize());
            List<ExpertLoad> loads = ExpertLoad.of(definition, backend, ids);
            if (loads.isEmpty()) {
                throw new IllegalArgumentException("%s: a model without experts".formatted(model.location()));
            }
            return new Report(
                    model.location(),
                    backend.name(),
                    ids.length,
                    loads.stream()
                            .map(l -> new Load(l.label(), l.counts().asList(), l.imbalance()))
                            .toList());
        }
    }

    private static void requireIds(int[] ids, int vocabSize) {
        for (int id : ids) {
            if (id < 0 || id >= vocabSize) {
                throw new IllegalArgumentException(
                        "--tokens: got %d, expected ids from 0 to %d".formatted(id, vocabSize - 1));
            }
        }
    }

    private static String line(Load load) {
        String counts = load.counts.stream().map(String::valueOf).collect(Collectors.joining(" "));
        return Units.format("%s: %s; the busiest has %.2f times its share", load.label, counts, load.imbalance);
    }
}
