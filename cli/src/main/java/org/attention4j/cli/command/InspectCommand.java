package org.attention4j.cli.command;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.Consumer;
import org.attention4j.ModelFiles;
import org.attention4j.ModelLocation;
import org.attention4j.cli.CliCommand;
import org.attention4j.cli.inspect.Inspection;
import org.attention4j.cli.inspect.InspectionPrinter;
import org.attention4j.cli.inspect.OnnxInspection;
import org.attention4j.cli.inspect.OnnxInspectionPrinter;
import org.attention4j.cli.options.ContextOption;
import org.attention4j.cli.options.JsonOption;
import org.attention4j.cli.options.ModelOption;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.onnxmodel.OnnxSummary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows what a model is, what it costs, and what a backend makes of it. */
@AutoService(CliCommand.class)
@Command(
        name = "inspect",
        description =
                "Shows a model's sizes, layers and memory, and what the backend makes of each op and why; of an ONNX"
                        + " file also what it holds, a decoder or not.")
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
        Optional<OnnxInspection> onnx =
                OnnxSummary.read(ModelLocation.resolve(model.location())).map(this::inspect);
        if (onnx.isPresent()) {
            tell(onnx.get(), i -> OnnxInspectionPrinter.print(i, out), out);
        } else {
            tell(inspect(), i -> InspectionPrinter.print(i, out), out);
        }
        return 0;
    }

    private <T> void tell(T inspection, Consumer<T> print, PrintWriter out) throws IOException {
        if (!json.replacesText()) {
            print.accept(inspection);
            out.flush();
        }
        json.write(inspection, out);
    }

    /** A file that is sound but no decoder is described nevertheless. */
    private OnnxInspection inspect(OnnxSummary file) {
        try {
            return OnnxInspection.of(file, inspect());
        } catch (ModelFormatException e) {
            return OnnxInspection.of(file, String.valueOf(e.getMessage()));
        }
    }

    private Inspection inspect() {
        try (ModelFiles files = model.files();
                Backend backend = model.backend().create()) {
            return Inspection.of(
                    files, backend, new CompileOptions(model.backend().pinned()), context.length());
        }
    }
}
