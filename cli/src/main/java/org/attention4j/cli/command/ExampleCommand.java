package org.attention4j.cli.command;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import org.attention4j.cli.CliCommand;
import org.attention4j.cli.report.Units;
import org.attention4j.examples.Arguments;
import org.attention4j.examples.Sample;
import org.attention4j.examples.Samples;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs sample programs. */
@AutoService(CliCommand.class)
@Command(name = "example", description = "Lists the sample programs, or runs one.")
public final class ExampleCommand implements CliCommand {
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--list", description = "Lists the samples.")
    private boolean list;

    @Parameters(
            arity = "0..*",
            paramLabel = "NAME [ARGUMENT]",
            description = "A sample and its arguments; with --help as the argument it tells them.")
    private List<String> words = List.of();

    /** What stands behind the sample's name is the sample's, options too. */
    @Spec
    void setSpec(CommandSpec value) {
        spec = value;
        value.parser().stopAtPositional(true);
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (list == !words.isEmpty()) {
            throw new IllegalArgumentException("example: expected --list, or the name of a sample and its arguments");
        }
        if (list) {
            Samples.all().forEach(s -> out.println(Units.format("%-14s %s", s.name(), s.description())));
        } else {
            run(Samples.find(words.getFirst()), words.subList(1, words.size()), out);
        }
        out.flush();
        return 0;
    }

    private static void run(Sample sample, List<String> arguments, PrintWriter out) throws IOException {
        if (arguments.contains("--help")) {
            out.println(
                    "example %s %s".formatted(sample.name(), sample.options()).strip());
            out.println(sample.description());
        } else {
            sample.run(Arguments.parse(sample, arguments.toArray(String[]::new)), out);
        }
    }
}
