package org.attention4j.cli.command;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableSortedSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.attention4j.ModelFiles;
import org.attention4j.cli.CliCommand;
import org.attention4j.cli.options.JsonOption;
import org.attention4j.cli.options.ModelOption;
import org.attention4j.cli.options.NumberRanges;
import org.attention4j.cli.options.PromptOption;
import org.attention4j.cli.report.AttentionReport;
import org.attention4j.cli.report.TokenLabels;
import org.attention4j.cli.report.Units;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.mixer.effective.EffectiveAttention;
import org.attention4j.core.mixer.effective.MapSelection;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.pictures.AttentionPicture;
import org.attention4j.pictures.PictureFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Draws what tokens take from each other. */
@AutoService(CliCommand.class)
@Command(
        name = "attention",
        description =
                "Draws what each token of a prompt takes from every other, for each layer and head; of a recurrence"
                        + " what its state gives of each token.")
public final class AttentionCommand implements CliCommand {
    /** The part of the weight that is near, for the summary. */
    private static final int MOST = 90;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption model;

    @Mixin
    private PromptOption prompt;

    @Mixin
    private JsonOption json;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "The picture to write: a web page (.html), or an image (.png).")
    private Path out;

    @Option(
            names = "--layers",
            paramLabel = "N,N-N",
            converter = NumberRanges.class,
            description = "Layers to draw, from 0. Default: all.")
    private Optional<ImmutableSortedSet<Integer>> layers;

    @Option(
            names = "--heads",
            paramLabel = "N,N-N",
            converter = NumberRanges.class,
            description = "Heads to draw, from 0. Default: all.")
    private Optional<ImmutableSortedSet<Integer>> heads;

    @Override
    public Integer call() throws IOException {
        PictureFormat.forWriting(out);
        try (ModelFiles files = model.files();
                Backend backend = model.backend().create()) {
            int[] tokens = tokens(files);
            EffectiveAttention attention =
                    EffectiveAttention.of(files.definition(), backend, new MapSelection(layers, heads), tokens);
            requireMaps(attention);
            picture(files, backend, tokens, attention).write(out);
            tell(AttentionReport.of(model.location(), backend.name(), tokens, attention, MOST / 100.0), attention);
        }
        return 0;
    }

    private int[] tokens(ModelFiles files) throws IOException {
        if (prompt.isAbsent()) {
            throw new IllegalArgumentException("got no prompt, expected one of --prompt, --prompt-file and --tokens");
        }
        Optional<String> text = prompt.text();
        int[] ids = text.isPresent() ? files.tokenizer().encode(text.get(), EncodeOptions.PROMPT) : prompt.tokens();
        int vocabSize = files.definition().info().vocabSize();
        for (int id : ids) {
            if (id < 0 || id >= vocabSize) {
                throw new IllegalArgumentException(
                        "--tokens: got %d, expected ids from 0 to %d".formatted(id, vocabSize - 1));
            }
        }
        files.contextLength(OptionalInt.of(Math.clamp(ids.length, 1, EffectiveAttention.MAX_TOKENS)));
        return ids;
    }

    private static void requireMaps(EffectiveAttention attention) {
        if (attention.maps().isEmpty()) {
            throw new IllegalArgumentException(
                    "nothing to draw: " + attention.skipped().getFirst().reason());
        }
    }

    private AttentionPicture picture(ModelFiles files, Backend backend, int[] tokens, EffectiveAttention attention) {
        String subtitle = "%d tokens, %s, on %s"
                .formatted(tokens.length, files.definition().info().architecture(), backend.name());
        return new AttentionPicture(model.location(), subtitle, TokenLabels.of(files, tokens), attention);
    }

    private void tell(AttentionReport report, EffectiveAttention attention) throws IOException {
        PrintWriter to = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        attention.skipped().forEach(s -> err.println("attention4j: not drawn: " + s.reason()));
        err.flush();
        if (!json.replacesText()) {
            report.maps().forEach(map -> to.println(line(map)));
            to.flush();
        }
        json.write(report, to);
    }

    private static String line(AttentionReport.MapEntry map) {
        List<AttentionReport.HeadEntry> entries = map.heads();
        IntSummaryStatistics reach =
                entries.stream().mapToInt(AttentionReport.HeadEntry::reach).summaryStatistics();
        double density = entries.stream()
                .mapToDouble(AttentionReport.HeadEntry::density)
                .average()
                .orElse(0);
        double sink = entries.stream()
                .mapToDouble(AttentionReport.HeadEntry::rest)
                .average()
                .orElse(0);
        return Units.format(
                "layer %d, %s: %s; %.0f%% of all pairs have a weight, %d%% of the last token's lies within %s tokens%s",
                map.layer(),
                map.mixer(),
                map.channels() > 1
                        ? map.channels() + " channels"
                        : entries.size() + (entries.size() == 1 ? " head" : " heads"),
                100 * density,
                MOST,
                reach.getMin() == reach.getMax() ? reach.getMin() : reach.getMin() + " to " + reach.getMax(),
                sink > 0.001 ? Units.format(", %.0f%% goes to the sink", 100 * sink) : "");
    }
}
