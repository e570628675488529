package org.attention4j.cli.command;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.io.PrintWriter;
import org.attention4j.ModelFiles;
import org.attention4j.cli.CliCommand;
import org.attention4j.cli.inspect.Inspection;
import org.attention4j.cli.inspect.InspectionPrinter;
import org.attention4j.cli.options.ContextOption;
import org.attention4j.cli.options.JsonOption;
import org.attention4j.cli.options.ModelOption;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.CompileOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows what a model is, what it costs, and what a backend makes of it. */
@AutoService(CliCommand.class)
@Command(
        name = "inspect",
        description = "Shows a model's sizes, layers and memory, and what the backend makes of each op and why.")
public final class InspectCommand implements CliCommand {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption model;

    @Mixin
    private ContextOption context;

    @Mixin
    private JsonOption json;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Inspection inspection = inspect();
        if (!json.replacesText()) {
            InspectionPrinter.print(inspection, out);
            out.flush();
        }
        json.write(inspection, out);
        return 0;
    }

    private Inspection inspect() {
        try (ModelFiles files = model.files();
                Backend backend = model.backend().create()) {
            return Inspection.of(
                    files, backend, new CompileOptions(model.backend().pinned()), context.length());
        }
    }
}
