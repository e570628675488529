package org.attention4j.cli.command;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.attention4j.ModelFiles;
import org.attention4j.cli.CliCommand;
import org.attention4j.cli.options.ContextOption;
import org.attention4j.cli.random.RandomGguf;
import org.attention4j.cli.random.RandomShape;
import org.attention4j.cli.report.Units;
import org.attention4j.core.tensor.DType;
import org.attention4j.loaders.ggufmodel.GgufExport;
import org.attention4j.loaders.onnxmodel.ExportedFiles;
import org.attention4j.onnx.OnnxExport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes model files. */
@AutoService(CliCommand.class)
@Command(
        name = "convert",
        description = {
            "Writes a model as an ONNX or a GGUF file, or one with random weights for benchmarks.",
            "GGUF files tell models of architectures that llama.cpp knows."
        })
public final class ConvertCommand implements CliCommand {
    /** What {@code --dtype} takes. */
    enum MatrixType {
        F32(DType.F32),
        F16(DType.F16),
        Q8_0(DType.Q8_0),
        Q4_0(DType.Q4_0),
        Q4_1(DType.Q4_1),
        Q4_K(DType.Q4_K),
        Q6_K(DType.Q6_K);

        private final DType dtype;

        MatrixType(DType dtype) {
            this.dtype = dtype;
        }
    }

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--random",
            paramLabel = "SHAPE",
            description = {
                "S (SmolLM2 135M), M (Llama 3.2 1B), MoE (1 B weights in 8 experts, of which 2 are chosen),",
                "MoE-dense (as many without experts), mamba130m, mamba2_130m, rwkv7_190m, or sizes such as",
                "llama:d=64,layers=2,heads=4,kv=2,ff=128,vocab=1000,context=2048,theta=1e4,experts=8,chosen=2, or",
                "phi3:... with window=N in place of experts: a sliding window in every layer."
            })
    private Optional<String> shape = Optional.empty();

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "f16",
            description = {
                "Type of the matrices of a GGUF file: f32, f16, q8_0, q4_0; with --random also q4_1, q4_k, q6_k.",
                "Default: ${DEFAULT-VALUE}."
            })
    private MatrixType dtype;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Mixin
    private ContextOption context;

    @Option(
            names = "--exact-activations",
            description = "In an ONNX file, products with quantised weights don't round their other factor to 8 bits.")
    private boolean exactActivations;

    @Parameters(
            arity = "1..2",
            paramLabel = "PATH",
            description = "IN OUT.onnx or IN OUT.gguf: a model and the file to write; with --random, only OUT.gguf.")
    private List<String> paths = List.of();

    @Override
    public Integer call() throws IOException {
        Path out = Path.of(paths.getLast());
        boolean gguf = out.toString().endsWith(".gguf");
        if (shape.isPresent()) {
            require(paths.size() == 1 && gguf, out, ".gguf");
            RandomGguf model = RandomShape.parse(shape.get()).random(dtype.dtype, seed);
            progress("writing " + out + " ...");
            model.write(out);
            progress(Units.bytes(Files.size(out)) + " written");
        } else if (gguf && paths.size() == 2) {
            exportGguf(paths.getFirst(), out);
        } else {
            require(
                    paths.size() == 2 && out.toString().endsWith(".onnx"),
                    out,
                    ".onnx or .gguf after the model to convert");
            export(paths.getFirst(), out);
        }
        return 0;
    }

    private static void require(boolean holds, Path out, String ending) {
        if (!holds) {
            throw new IllegalArgumentException("%s: expected a name that ends in %s".formatted(out, ending));
        }
    }

    private void export(String in, Path out) throws IOException {
        try (ModelFiles files = ModelFiles.open(in)) {
            int length = files.contextLength(context.length());
            progress("writing " + out + " and " + out + ".data ...");
            OnnxExport.write(
                    files.definition(),
                    out,
                    new OnnxExport.Options(length, exactActivations, ExportedFiles.properties(files.definition())));
            ExportedFiles.write(files.checkpoint(), files.definition(), length, out);
            Path data = out.resolveSibling(out.getFileName() + ".data");
            progress(Units.bytes(Files.size(out) + Files.size(data)) + " written");
        }
    }

    private void exportGguf(String in, Path out) throws IOException {
        try (ModelFiles files = ModelFiles.open(in)) {
            GgufExport export = GgufExport.prepare(files.checkpoint(), files.definition(), dtype.dtype, out);
            progress("writing " + out + " ...");
            export.write();
            progress(Units.bytes(Files.size(out)) + " written");
            export.remarks().forEach(remark -> progress("note: " + remark));
        }
    }

    private void progress(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }
}
