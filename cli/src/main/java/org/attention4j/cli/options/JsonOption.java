package org.attention4j.cli.options;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.attention4j.cli.report.Json;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whether the result is JSON, and where it goes. */
public final class JsonOption {
    private static final String STDOUT = "-";

    private Optional<String> json = Optional.empty();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** A file that can't be written is told before the work whose result it would take. */
    @Option(
            names = "--json",
            paramLabel = "FILE",
            arity = "0..1",
            fallbackValue = STDOUT,
            description = "Write the result as JSON to FILE; without FILE, to standard output in place of text.")
    void setJson(String file) {
        Path folder = Path.of(file).toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new ParameterException(
                    command.commandLine(),
                    "--json %s: there is no folder %s"
                            .formatted(file, Path.of(file).getParent()));
        }
        json = Optional.of(file);
    }

    /** Whether JSON takes the place of text on standard output. */
    public boolean replacesText() {
        return json.filter(STDOUT::equals).isPresent();
    }

    /** Writes the result if the user wants JSON. */
    public void write(Object result, PrintWriter out) throws IOException {
        if (replacesText()) {
            out.println(Json.write(result));
            out.flush();
        } else if (json.isPresent()) {
            Files.writeString(Path.of(json.get()), Json.write(result) + "\n");
        }
    }
}
