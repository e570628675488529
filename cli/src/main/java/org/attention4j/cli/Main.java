package org.attention4j.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.attention4j.cli.report.Failures;
import org.attention4j.cli.report.StandardOutput;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code attention4j} command: its options that are no subcommand's, and the way to the subcommands. */
@Command(
        name = "attention4j",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Runs sequence models: attention, RWKV, Mamba and their hybrids.",
        footer = {"", "Exit codes: 0 done, 1 ran and failed, 2 bad usage or bad input."})
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--debug",
            hidden = true,
            scope = ScopeType.INHERIT,
            description = "Show the stack trace of an error.")
    private boolean debug;

    private Main() {}

    /** Runs the command and ends the process with its exit code: 0 done, 1 ran and failed, 2 bad usage or input. */
    public static void main(String[] args) {
        CommandLine command = commandLine(args);
        // Text is UTF-8 whatever the locale says: models write all of Unicode.
        StandardOutput out = new StandardOutput(new FileOutputStream(FileDescriptor.out));
        command.setOut(utf8(out));
        command.setErr(utf8(new FileOutputStream(FileDescriptor.err)));
        int exitCode = command.execute(args);
        command.getOut().flush();
        if (out.failure().isPresent()) {
            command.getErr()
                    .println("attention4j: standard output: " + out.failure().get());
            exitCode = Math.max(exitCode, 1);
        }
        System.exit(exitCode);
    }

    private static PrintWriter utf8(OutputStream to) {
        return new PrintWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8), true);
    }

    /**
     * The command as these arguments need it: with the subcommand that they begin with, or else with all on the class path. To make
     * all of them takes longer than some of them run.
     */
    public static CommandLine commandLine(String... args) {
        Main main = new Main();
        CommandLine command = new CommandLine(main);
        List<ServiceLoader.Provider<CliCommand>> all =
                ServiceLoader.load(CliCommand.class).stream().toList();
        Optional<ServiceLoader.Provider<CliCommand>> asked = all.stream()
                .filter(p -> args.length > 0 && name(p).equals(args[0]))
                .findFirst();
        asked.map(List::of).orElse(all).stream()
                .map(p -> new CommandLine(p.get()))
                .sorted(Comparator.comparing(CommandLine::getCommandName))
                .forEach(command::addSubcommand);
        command.setCaseInsensitiveEnumValuesAllowed(true);
        Failures failures = new Failures(() -> main.debug);
        command.setParameterExceptionHandler(failures::badUsage);
        command.setExecutionExceptionHandler(failures::failed);
        return command;
    }

    private static String name(ServiceLoader.Provider<CliCommand> subcommand) {
        return subcommand.type().getAnnotation(Command.class).name();
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "missing command, expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            var version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"attention4j " + (version == null ? "development build" : version)};
        }
    }
}
