package org.attention4j.cli.command;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.attention4j.EmbeddingModel;
import org.attention4j.EmbeddingModelBuilder;
import org.attention4j.TextEmbedding;
import org.attention4j.cli.CliCommand;
import org.attention4j.cli.options.JsonOption;
import org.attention4j.cli.options.ModelOption;
import org.attention4j.cli.options.TextsOption;
import org.attention4j.core.pooling.Pooling;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Turns texts into vectors. */
@AutoService(CliCommand.class)
@Command(name = "embed", description = "Prints a vector for each text, by an encoder such as BERT.")
public final class EmbedCommand implements CliCommand {
    /**
     * One text.
     *
     * @param tokens how many were read
     * @param truncated whether the text had more
     */
    record Entry(int tokens, boolean truncated, List<Float> vector) {
        static Entry of(TextEmbedding e) {
            return new Entry(e.numTokens(), e.truncated(), list(e.vector()));
        }

        private static List<Float> list(float[] vector) {
            return IntStream.range(0, vector.length).mapToObj(i -> vector[i]).toList();
        }
    }

    /** The JSON result. */
    record Report(String model, String pooling, boolean normalized, int dimension, List<Entry> embeddings) {}

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption model;

    @Mixin
    private TextsOption input;

    @Mixin
    private JsonOption json;

    @Option(
            names = "--pooling",
            paramLabel = "NAME",
            description = "How tokens' vectors become one: ${COMPLETION-CANDIDATES}. Default: as the model says.")
    private Optional<Pooling> pooling;

    @Option(
            names = "--normalize",
            negatable = true,
            paramLabel = "YES",
            description = "Give vectors the length 1, or not. Default: as the model says.")
    private Optional<Boolean> normalize;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "Tokens after which texts are cut off. Default: as the model says.")
    private Optional<Integer> maxTokens;

    @Override
    public Integer call() throws IOException {
        List<String> texts = input.texts();
        PrintWriter out = spec.commandLine().getOut();
        try (EmbeddingModel opened = open()) {
            List<TextEmbedding> embeddings =
                    input.tokens().length > 0 ? opened.embedTokens(List.of(input.tokens())) : opened.embedAll(texts);
            if (!json.replacesText()) {
                embeddings.forEach(e -> out.println(Arrays.toString(e.vector())));
                out.flush();
            }
            warnOfCuts(opened.maxTokens(), embeddings);
            json.write(
                    new Report(
                            model.location(),
                            opened.pooling().name().toLowerCase(Locale.ROOT),
                            opened.normalizes(),
                            opened.dimension(),
                            embeddings.stream().map(Entry::of).toList()),
                    out);
        }
        return 0;
    }

    private EmbeddingModel open() {
        EmbeddingModelBuilder builder = model.encoder();
        pooling.ifPresent(builder::pooling);
        normalize.ifPresent(builder::normalize);
        maxTokens.ifPresent(builder::maxTokens);
        return builder.open();
    }

    private void warnOfCuts(int maxTokens, List<TextEmbedding> embeddings) {
        PrintWriter err = spec.commandLine().getErr();
        for (int i = 0; i < embeddings.size(); i++) {
            if (embeddings.get(i).truncated()) {
                err.println("attention4j: text %d has more than %d tokens, the rest was not read"
                        .formatted(i + 1, maxTokens));
            }
        }
        err.flush();
    }
}
