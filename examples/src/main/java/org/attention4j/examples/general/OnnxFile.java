package org.attention4j.examples.general;

import com.google.auto.service.AutoService;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.attention4j.LanguageModel;
import org.attention4j.ModelFiles;
import org.attention4j.core.generate.GenerationOptions;
import org.attention4j.examples.Arguments;
import org.attention4j.examples.Sample;
import org.attention4j.examples.Samples;
import org.attention4j.loaders.onnxmodel.ExportedFiles;
import org.attention4j.onnx.OnnxExport;

/**
 * Writes a model as a standalone ONNX file, with its weights, tokenizer and configuration beside it, and runs that file as a model
 * of its own: the graph that was written is run as it is, and gives the same tokens. Other users of ONNX Runtime can run it too.
 */
@AutoService(Sample.class)
public final class OnnxFile implements Sample {
    private static final GenerationOptions OPTIONS = GenerationOptions.DEFAULT.withMaxTokens(40);

    @Override
    public String name() {
        return "onnx_file";
    }

    @Override
    public String description() {
        return "writes a model as an ONNX file, runs the file, and compares the tokens";
    }

    @Override
    public String options() {
        return "[--model PATH] [--backend NAME] [PROMPT...]";
    }

    @Override
    public void run(Arguments arguments, PrintWriter out) throws IOException {
        String location = arguments.option("model").orElse("builtin:stories");
        String prompt = arguments.text().orElse("Once upon a time");
        Path folder = Files.createTempDirectory("onnx-model");
        try {
            Path file = folder.resolve("model.onnx");
            write(location, file);
            out.printf(
                    Locale.ROOT,
                    "%s: %,d bytes, and %,d of weights%n",
                    file.getFileName(),
                    Files.size(file),
                    Files.size(folder.resolve("model.onnx.data")));
            List<Integer> expected = tokens(arguments, location, prompt, out);
            List<Integer> actual = tokens(arguments, file.toString(), prompt, out);
            out.printf(Locale.ROOT, "the same %d tokens: %s%n", expected.size(), expected.equals(actual));
        } finally {
            MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }

    private static void write(String location, Path file) throws IOException {
        try (ModelFiles files = ModelFiles.open(location)) {
            int contextLength = files.contextLength(OptionalInt.empty());
            OnnxExport.write(
                    files.definition(),
                    file,
                    new OnnxExport.Options(contextLength, false, ExportedFiles.properties(files.definition())));
            ExportedFiles.write(files.checkpoint(), files.definition(), contextLength, file);
        }
    }

    private static List<Integer> tokens(Arguments arguments, String location, String prompt, PrintWriter out) {
        try (LanguageModel model = arguments.open(location)) {
            var result = model.generate(prompt, OPTIONS);
            out.printf(
                    "%s, %s:%s%n",
                    model.definition().info().architecture(), model.checkpoint().format(), result.text());
            return result.tokens();
        }
    }

    static void main(String[] args) throws IOException {
        Samples.main(new OnnxFile(), args);
    }
}
