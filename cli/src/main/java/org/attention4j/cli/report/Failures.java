package org.attention4j.cli.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.attention4j.ModelLocation;
import org.attention4j.core.backend.BackendException;
import org.attention4j.loaders.ModelFormatException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns exceptions into one line on the error stream and an exit code. */
public final class Failures {
    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;
    private static final Pattern CONTROL = Pattern.compile("\\s*\\p{Cntrl}+\\s*");

    private final BooleanSupplier debug;

    /** @param debug whether to show stack traces too */
    public Failures(BooleanSupplier debug) {
        this.debug = debug;
    }

    /** For options and parameters that picocli refuses. */
    public int badUsage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String help = command.getCommandSpec().qualifiedName() + " --help";
        String message = complaint(e).replaceFirst("^Error: ", "");
        print(command, "%s (see %s)".formatted(message, help), e);
        return BAD_INPUT;
    }

    private static String complaint(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException u) || u.isUnknownOption()) {
            return message(e);
        }
        Set<String> commands = e.getCommandLine().getSubcommands().keySet();
        return commands.isEmpty()
                ? u.getUnmatched().stream().collect(Collectors.joining("', '", "unexpected '", "'"))
                : "unknown command %s, expected one of %s"
                        .formatted(u.getUnmatched().getFirst(), String.join(", ", commands));
    }

    /** For exceptions that a command throws. */
    public int failed(Exception e, CommandLine command, ParseResult result) {
        boolean badInput = e instanceof IllegalArgumentException
                || e instanceof ModelFormatException
                || e instanceof BackendException
                || e instanceof IOException
                || e instanceof UncheckedIOException;
        print(command, badInput ? message(e) : "internal error: %s (--debug shows where)".formatted(e), e);
        return badInput ? BAD_INPUT : FAILED;
    }

    private void print(CommandLine command, String message, Exception e) {
        command.getOut().flush();
        PrintWriter err = command.getErr();
        String line = CONTROL.matcher(ModelLocation.withNames(message)).replaceAll(" ");
        err.println(command.getColorScheme().errorText("attention4j: " + line));
        if (debug.getAsBoolean()) {
            e.printStackTrace(err);
        }
        err.flush();
    }

    private static String message(Exception e) {
        String message = e.getMessage();
        return switch (e) {
            case NoSuchFileException missing -> missing.getFile() + ": no such file or directory";
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case FileAlreadyExistsException other -> other.getFile() + ": a file, expected a folder or nothing";
            // Without a message of its own it has the name of the class of its cause.
            case UncheckedIOException unchecked
            when unchecked.getCause() instanceof IOException cause
                    && cause.toString().equals(message) -> message(cause);
            default -> message == null ? e.toString() : message;
        };
    }
}
