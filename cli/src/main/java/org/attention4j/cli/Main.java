package org.attention4j.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code attention4j} command: its options that are no subcommand's, and the way to the subcommands. */
@Command(
        name = "attention4j",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Runs sequence models: attention, RWKV, Mamba and their hybrids.")
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    /** Runs the command and ends the process with its exit code: 0 done, 1 ran and failed, 2 bad usage or input. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "attention4j: missing subcommand");
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            var version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"attention4j " + (version == null ? "development build" : version)};
        }
    }
}
