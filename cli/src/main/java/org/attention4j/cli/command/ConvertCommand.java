package org.attention4j.cli.command;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.attention4j.cli.CliCommand;
import org.attention4j.cli.random.RandomGguf;
import org.attention4j.cli.random.RandomShape;
import org.attention4j.cli.report.Units;
import org.attention4j.core.tensor.DType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes model files. */
@AutoService(CliCommand.class)
@Command(name = "convert", description = "Writes a model with random weights, for benchmarks.")
public final class ConvertCommand implements CliCommand {
    /** What {@code --dtype} takes. */
    enum MatrixType {
        F32(DType.F32),
        F16(DType.F16),
        Q8_0(DType.Q8_0),
        Q4_0(DType.Q4_0),
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
            required = true,
            paramLabel = "SHAPE",
            description = {
                "S (SmolLM2 135M), M (Llama 3.2 1B), MoE (1 B weights in 8 experts, of which 2 are chosen),",
                "MoE-dense (as many without experts), mamba130m, mamba2_130m, rwkv7_190m, or sizes such as",
                "llama:d=64,layers=2,heads=4,kv=2,ff=128,vocab=1000,context=2048,theta=1e4,experts=8,chosen=2."
            })
    private String shape;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "f16",
            description = "Type of the matrices: f32, f16, q8_0, q4_0, q4_k, q6_k. Default: ${DEFAULT-VALUE}.")
    private MatrixType dtype;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Parameters(paramLabel = "OUT", description = "The file to write; its name ends in .gguf.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        if (!out.toString().endsWith(".gguf")) {
            throw new IllegalArgumentException("%s: expected a name that ends in .gguf".formatted(out));
        }
        PrintWriter err = spec.commandLine().getErr();
        RandomGguf model = RandomShape.parse(shape).random(dtype.dtype, seed);
        err.println("writing " + out + " ...");
        err.flush();
        model.write(out);
        err.println(Units.bytes(Files.size(out)) + " written");
        err.flush();
        return 0;
    }
}
