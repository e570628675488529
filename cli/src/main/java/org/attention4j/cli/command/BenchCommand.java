package org.attention4j.cli.command;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.attention4j.LanguageModel;
import org.attention4j.cli.CliCommand;
import org.attention4j.cli.bench.Benchmark;
import org.attention4j.cli.options.JsonOption;
import org.attention4j.cli.options.ModelOption;
import org.attention4j.cli.report.PeakMemory;
import org.attention4j.cli.report.Units;
import org.attention4j.core.session.CompiledModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures tokens per second. */
@AutoService(CliCommand.class)
@Command(name = "bench", description = "Measures tokens per second of prompts and of generation, at depths.")
public final class BenchCommand implements CliCommand {
    /**
     * The JSON result.
     *
     * @param threads as given; 0 if the backend chose
     * @param results tokens per second
     * @param against the model that it was compared with, if any
     * @param peakMemoryBytes the most memory resident; 0 where the operating system does not tell
     */
    record Report(
            String model,
            String backend,
            int threads,
            List<Benchmark.Rates> results,
            Optional<Against> against,
            long peakMemoryBytes) {}

    /**
     * Another model, measured in turns with the first.
     *
     * @param results tokens per second
     * @param ratios how many times as fast the first model is
     */
    record Against(String model, List<Benchmark.Rates> results, List<Benchmark.Ratio> ratios) {}

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption model;

    @Option(
            names = "--against",
            paramLabel = "PATH",
            description = "Another model, measured in turns with the first: also says how many times as fast that is.")
    private Optional<String> against;

    @Option(
            names = "--against-pin",
            paramLabel = "OP=LOWERING",
            description =
                    "Measures in turns with a model that computes all ops of this name so: the same model, if no other is"
                            + " given.")
    private Map<String, String> againstPinned = new LinkedHashMap<>();

    @Mixin
    private JsonOption json;

    @Option(
            names = "-p",
            split = ",",
            paramLabel = "N",
            defaultValue = "512",
            description = "Lengths of prompts; 0 for none. Default: ${DEFAULT-VALUE}.")
    private List<Integer> prompts;

    @Option(
            names = "-n",
            split = ",",
            paramLabel = "N",
            defaultValue = "64",
            description = "Numbers of tokens to generate; 0 for none. Default: ${DEFAULT-VALUE}.")
    private List<Integer> generated;

    @Option(
            names = "-d",
            split = ",",
            paramLabel = "N",
            defaultValue = "0",
            description = "Depths: tokens that the session has seen before. Default: ${DEFAULT-VALUE}.")
    private List<Integer> depths;

    @Option(
            names = "-r",
            paramLabel = "N",
            defaultValue = "5",
            description = "Repetitions, of which the median counts. Default: ${DEFAULT-VALUE}.")
    private int repetitions;

    @Override
    public Integer call() throws IOException {
        List<Benchmark> benchmarks = benchmarks();
        OptionalInt context =
                benchmarks.stream().mapToInt(Benchmark::contextLength).max();
        PrintWriter out = spec.commandLine().getOut();
        try (LanguageModel opened = model.open(context)) {
            List<Benchmark.Rates> results = new ArrayList<>();
            Optional<Against> compared = Optional.empty();
            if (against.isPresent() || !againstPinned.isEmpty()) {
                compared = Optional.of(compare(opened.compiled(), context, benchmarks, results));
            } else {
                for (Benchmark b : benchmarks) {
                    results.add(b.run(opened.compiled()));
                    print(line(results.getLast()));
                }
            }
            long memory = PeakMemory.bytes().orElse(0);
            if (memory > 0) {
                print("peak memory " + Units.bytes(memory));
            }
            String backend = opened.compiled().plan().backend();
            int threads = model.backend().options().threads().orElse(0);
            json.write(new Report(model.location(), backend, threads, results, compared, memory), out);
        }
        return 0;
    }

    /** Measures both models; adds the first one's rates to {@code results}. */
    private Against compare(
            CompiledModel first, OptionalInt context, List<Benchmark> benchmarks, List<Benchmark.Rates> results) {
        String location = against.orElse(model.location());
        String name = againstPinned.isEmpty() ? location : location + " with " + againstPinned;
        Against compared = new Against(name, new ArrayList<>(), new ArrayList<>());
        try (LanguageModel other = model.open(location, context, againstPinned)) {
            for (Benchmark b : benchmarks) {
                Benchmark.Comparison c = b.run(first, other.compiled());
                results.add(c.rates());
                compared.results().add(c.against());
                compared.ratios().add(c.ratio());
                print(line(c.rates()));
                print(line(c.against()) + " of " + name);
                print(Units.format(
                        "%-14s %-16s %10.2f times as fast  (%.2f to %.2f)",
                        "", "", c.ratio().median(), c.ratio().min(), c.ratio().max()));
            }
        }
        return compared;
    }

    /** Prints a line, unless JSON is printed. */
    private void print(String line) {
        if (!json.replacesText()) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(line);
            out.flush();
        }
    }

    private List<Benchmark> benchmarks() {
        require("-r", List.of(repetitions), 1);
        require("-p", prompts, 0);
        require("-n", generated, 0);
        require("-d", depths, 0);
        List<Benchmark> all = new ArrayList<>();
        for (int depth : depths) {
            prompts.stream().filter(p -> p > 0).forEach(p -> all.add(new Benchmark(p, 0, depth, repetitions)));
            generated.stream().filter(n -> n > 0).forEach(n -> all.add(new Benchmark(0, n, depth, repetitions)));
        }
        if (all.isEmpty()) {
            throw new IllegalArgumentException("bench: nothing to measure, expected a positive -p or -n");
        }
        return all;
    }

    private static void require(String option, List<Integer> values, int least) {
        for (int value : values) {
            if (value < least || value > 1 << 24) {
                throw new IllegalArgumentException(
                        "%s: got %d, expected %d to %d".formatted(option, value, least, 1 << 24));
            }
        }
    }

    private static String line(Benchmark.Rates r) {
        String what = r.prompt() > 0 ? "prefill " + r.prompt() : "decode " + r.generate();
        return Units.format(
                "%-14s at depth %-6d %10.2f tokens/s  (%.2f to %.2f)", what, r.depth(), r.median(), r.min(), r.max());
    }
}
