package org.attention4j.benchmarks.compare;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs commands in turns and compares the figures that they tell. */
@Command(
        name = "compare",
        description =
                "Runs commands in turns, discards rounds in which others used the machine, and prints medians and ratios.",
        footer = {"", "Exit codes: 0 done, 1 a command failed or too few rounds were kept, 2 bad usage or bad input."})
public final class Compare implements Callable<Integer> {
    private static final int DEFAULT_ROUNDS = 5;
    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;

    private final LoadMeter meter;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            description = "The contestants and their figures, as JSON: see docs/performance.md.")
    private Path file;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds to keep. Default: what FILE says, else 5.")
    private Optional<Integer> rounds;

    @Option(
            names = "--max-foreign",
            paramLabel = "CORES",
            defaultValue = "0.10",
            description =
                    "The most load of others during a command in a round that is kept. Default: ${DEFAULT-VALUE}.")
    private double maxForeign;

    @Option(
            names = "--max-discarded",
            paramLabel = "N",
            description = "The most rounds to discard. Default: as many as are to be kept.")
    private Optional<Integer> maxDiscarded;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the result, with all rounds, as JSON.")
    private Optional<Path> json;

    private Compare(LoadMeter meter) {
        this.meter = meter;
    }

    /** Runs the comparison and ends the process with its exit code. */
    public static void main(String[] args) {
        CommandLine command = commandLine(new ProcLoadMeter(Path.of("/proc"), System::nanoTime));
        command.setOut(utf8(FileDescriptor.out));
        command.setErr(utf8(FileDescriptor.err));
        System.exit(command.execute(args));
    }

    private static PrintWriter utf8(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
    }

    /** The command, which looks at the machine's load through {@code meter}. */
    static CommandLine commandLine(LoadMeter meter) {
        CommandLine command = new CommandLine(new Compare(meter));
        command.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help.")
                        .build());
        command.setParameterExceptionHandler((e, _) -> complain(e.getCommandLine(), message(e) + " (see --help)"));
        command.setExecutionExceptionHandler((e, line, _) -> switch (e) {
            case NoSuchFileException missing -> complain(line, missing.getFile() + ": no such file or directory");
            case IllegalArgumentException _, IOException _, UncheckedIOException _ -> complain(line, message(e));
            default -> throw e;
        });
        return command;
    }

    private static String message(Exception e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }

    private static int complain(CommandLine command, String message) {
        command.getErr().println("compare: " + message);
        command.getErr().flush();
        return BAD_INPUT;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Plan plan = PlanReader.read(file);
        Rounds.Limits limits = limits(plan.rounds());
        requireDirectory();
        Path scratch = Files.createTempDirectory("attention4j-compare");
        try {
            CommandRunner runner = new CommandRunner(meter, scratch, plan.timeout());
            PrintWriter err = spec.commandLine().getErr();
            return finish(Report.of(Machine.here(), plan, limits, new Rounds(plan, limits, runner, err).run()));
        } finally {
            delete(scratch);
        }
    }

    /** Rounds that were kept are told even if others failed: they may have taken hours. */
    private int finish(Report report) throws IOException {
        if (json.isPresent()) {
            Files.writeString(json.get(), report.json());
        }
        if (report.rounds().stream().anyMatch(Round::kept)) {
            PrintWriter out = spec.commandLine().getOut();
            out.print(MarkdownTable.of(report));
            out.flush();
        }
        report.failure().ifPresent(failure -> complain(spec.commandLine(), failure));
        return report.failure().isPresent() ? FAILED : 0;
    }

    private Rounds.Limits limits(OptionalInt planned) {
        int wanted = rounds.orElse(planned.orElse(DEFAULT_ROUNDS));
        int discarded = maxDiscarded.orElse(wanted);
        require("--rounds", wanted, wanted >= 1 && wanted <= PlanReader.MAX_ROUNDS, "1 to " + PlanReader.MAX_ROUNDS);
        require("--max-discarded", discarded, discarded >= 0, "0 or more");
        require("--max-foreign", maxForeign, maxForeign >= 0, "0 or more");
        return new Rounds.Limits(wanted, maxForeign, discarded);
    }

    private void require(String option, Object got, boolean fits, String expected) {
        if (!fits) {
            throw new ParameterException(
                    spec.commandLine(), "%s: got %s, expected %s".formatted(option, got, expected));
        }
    }

    /** Before anything runs. */
    private void requireDirectory() {
        for (Path result : json.stream().map(Path::toAbsolutePath).toList()) {
            boolean fits = Files.isDirectory(result.resolveSibling("")) && !Files.isDirectory(result);
            require("--json", result, fits, "a file in a directory that is there");
        }
    }

    private static void delete(Path scratch) throws IOException {
        try (Stream<Path> files = Files.list(scratch)) {
            for (Path path : files.toList()) {
                Files.delete(path);
            }
        }
        Files.delete(scratch);
    }
}
