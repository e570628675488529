package org.attention4j.cli.command;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.io.PrintWriter;
import org.attention4j.EmbeddingModel;
import org.attention4j.EmbeddingModelBuilder;
import org.attention4j.LanguageModel;
import org.attention4j.cli.CliCommand;
import org.attention4j.cli.inspect.Inspection;
import org.attention4j.cli.inspect.InspectionPrinter;
import org.attention4j.cli.options.ContextOption;
import org.attention4j.cli.options.JsonOption;
import org.attention4j.cli.options.ModelOption;
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
        return switch (model.kind()) {
            case DECODER -> {
                try (LanguageModel opened = model.open(context.length())) {
                    yield Inspection.of(opened);
                }
            }
            case ENCODER -> {
                EmbeddingModelBuilder builder = model.encoder();
                context.length().ifPresent(builder::maxTokens);
                try (EmbeddingModel opened = builder.open()) {
                    yield Inspection.of(opened);
                }
            }
        };
    }
}
