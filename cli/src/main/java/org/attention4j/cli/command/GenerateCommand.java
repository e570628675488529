package org.attention4j.cli.command;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.attention4j.LanguageModel;
import org.attention4j.cli.CliCommand;
import org.attention4j.cli.options.ContextOption;
import org.attention4j.cli.options.ModelOption;
import org.attention4j.cli.options.PromptOption;
import org.attention4j.cli.options.SamplingOption;
import org.attention4j.cli.report.PeakMemory;
import org.attention4j.cli.report.Units;
import org.attention4j.core.generate.GenerationOptions;
import org.attention4j.core.generate.GenerationStatistics;
import org.attention4j.core.generate.StopReason;
import org.attention4j.core.generate.TextChunk;
import org.attention4j.core.generate.TextStream;
import org.attention4j.core.generate.TokenStream;
import org.attention4j.core.session.Session;
import org.attention4j.core.text.EncodeOptions;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Continues a prompt and prints the text as it comes. */
@AutoService(CliCommand.class)
@Command(name = "generate", description = "Continues a prompt.")
public final class GenerateCommand implements CliCommand {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption model;

    @Mixin
    private ContextOption context;

    @ArgGroup
    private PromptOption prompt = new PromptOption();

    @Mixin
    private SamplingOption sampling;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "256",
            description = "The most tokens to generate. Default: ${DEFAULT-VALUE}.")
    private int maxTokens;

    @Option(names = "--stop", paramLabel = "TEXT", description = "End before this text. May be given more than once.")
    private List<String> stops = List.of();

    @Option(names = "--stats", description = "Print times, rates and memory to standard error.")
    private boolean stats;

    @Option(names = "--print-tokens", description = "Print the ids of the generated tokens instead of text.")
    private boolean printTokens;

    @Override
    public Integer call() throws IOException {
        int[] tokens = prompt.tokens();
        GenerationOptions options = GenerationOptions.DEFAULT
                .withMaxTokens(maxTokens)
                .withStopStrings(stops.toArray(String[]::new))
                .withIgnoreEndTokens(tokens.length > 0)
                .withSampling(sampling.options());
        Optional<String> text = tokens.length > 0 ? Optional.empty() : Optional.of(text());
        long start = System.nanoTime();
        try (LanguageModel opened = model.open(context.length());
                Session session = opened.newSession()) {
            Duration load = Duration.ofNanos(System.nanoTime() - start);
            int[] ids = text.isPresent() ? opened.tokenizer().encode(text.get(), EncodeOptions.PROMPT) : tokens;
            GenerationStatistics done = text.isEmpty() && printTokens && stops.isEmpty()
                    ? printIds(session, ids, options)
                    : printText(opened, session, ids, options);
            if (stats) {
                printStatistics(load, done, session);
            }
        }
        return 0;
    }

    private String text() throws IOException {
        if (prompt.isAbsent() && !model.location().equals(ModelOption.DEFAULT)) {
            throw new IllegalArgumentException("prompt: none given, expected --prompt, --prompt-file or --tokens");
        }
        return prompt.text().orElse(StoryPrompt.TEXT);
    }

    /** Needs no tokenizer. */
    private GenerationStatistics printIds(Session session, int[] ids, GenerationOptions options) {
        int vocabSize = session.model().definition().info().vocabSize();
        TokenStream stream = TokenStream.start(session, ids, options, Set.of(), vocabSize);
        String separator = "";
        while (stream.hasNext()) {
            print(separator + stream.nextInt(), stream::cancel);
            separator = " ";
        }
        out().println();
        return stream.statistics();
    }

    private GenerationStatistics printText(
            LanguageModel opened, Session session, int[] ids, GenerationOptions options) {
        try (TextStream stream = TextStream.start(session, opened.tokenizer(), ids, options)) {
            if (prompt.isAbsent() && !printTokens) {
                print(StoryPrompt.TEXT, stream::cancel);
            }
            String separator = "";
            while (stream.hasNext()) {
                TextChunk chunk = stream.next();
                if (!printTokens) {
                    print(chunk.text(), stream::cancel);
                } else if (chunk.token().isPresent()) {
                    print(separator + chunk.token().getAsInt(), stream::cancel);
                    separator = " ";
                }
            }
            out().println();
            return stream.statistics();
        }
    }

    /** Prints at once; if nobody reads any more, the run ends. */
    private void print(String text, Runnable cancel) {
        out().print(text);
        if (out().checkError()) {
            cancel.run();
        }
    }

    private void printStatistics(Duration load, GenerationStatistics done, Session session) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("load     " + Units.seconds(load));
        err.println(line("prefill", done.promptTokens(), done.prefill(), done.prefillTokensPerSecond()));
        err.println(line("decode", done.decodedTokens(), done.decode(), done.decodeTokensPerSecond()));
        err.println("stopped  " + reason(done.stopReason()) + " after " + done.generatedTokens() + " tokens");
        PeakMemory.bytes().ifPresent(bytes -> err.println("memory   " + Units.bytes(bytes) + " resident at most"));
        err.println(
                Units.format("states   %s for %d tokens", Units.bytes(session.stateBytes()), session.contextLength()));
        err.flush();
    }

    private static String line(String what, int tokens, Duration time, double rate) {
        return Units.format("%-8s %d tokens in %s, %.1f tokens/s", what, tokens, Units.seconds(time), rate);
    }

    private static String reason(StopReason reason) {
        return switch (reason) {
            case END_TOKEN -> "by an end token";
            case STOP_STRING -> "by a stop string";
            case MAX_TOKENS -> "by --max-tokens";
            case CONTEXT_FULL -> "by the end of the context";
            case DEADLINE -> "by the deadline";
            case CANCELLED -> "by the reader";
        };
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
