package org.attention4j.cli.command;

import com.google.auto.service.AutoService;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.attention4j.ChatOptions;
import org.attention4j.ChatReply;
import org.attention4j.ChatSession;
import org.attention4j.LanguageModel;
import org.attention4j.cli.CliCommand;
import org.attention4j.cli.options.ContextOption;
import org.attention4j.cli.options.JsonOption;
import org.attention4j.cli.options.ModelOption;
import org.attention4j.cli.options.SamplingOption;
import org.attention4j.cli.report.Units;
import org.attention4j.core.generate.GenerationOptions;
import org.attention4j.core.generate.GenerationStatistics;
import org.attention4j.loaders.chat.ChatMessage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Talks with a model by its chat template. */
@AutoService(CliCommand.class)
@Command(
        name = "chat",
        description = {
            "Talks with a model by its chat template.",
            "Each line of standard input is a message, unless --prompt gives them; the end of the input ends the"
                    + " conversation."
        })
public final class ChatCommand implements CliCommand {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption model;

    @Mixin
    private ContextOption context;

    @Mixin
    private SamplingOption sampling;

    @Option(names = "--system", paramLabel = "TEXT", description = "What the model is told before the conversation.")
    private Optional<String> system = Optional.empty();

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            description = "A message, in place of standard input. May be given more than once.")
    private List<String> prompts = List.of();

    @Option(
            names = "--chat-template",
            paramLabel = "FILE",
            description =
                    "A chat template (Jinja, or JSON such as a tokenizer_config.json) in place of the model's own.")
    private Optional<Path> template = Optional.empty();

    @Option(names = "--tools", paramLabel = "FILE", description = "A JSON array of the tools that the model may use.")
    private Optional<Path> tools = Optional.empty();

    @Option(
            names = "--template-variable",
            paramLabel = "NAME=JSON",
            description = "A variable for the template, such as enable_thinking=false. May be given more than once.")
    private Map<String, String> variables = Map.of();

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "The most tokens of one answer. Default: as many as the context has room for.")
    private Optional<Integer> maxTokens = Optional.empty();

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "End an answer before this text. May be given more than once.")
    private List<String> stops = List.of();

    @Option(names = "--stats", description = "Print tokens and times of each turn to standard error.")
    private boolean stats;

    @Mixin
    private JsonOption json;

    /** What {@code --json} writes. */
    record Conversation(List<Said> messages, List<Turn> turns) {}

    /** A message. */
    record Said(String role, String content) {}

    /** What an answer took. */
    record Turn(
            int conversationTokens, int reusedTokens, int prefilledTokens, int generatedTokens, String stopReason) {}

    @Override
    public Integer call() throws IOException {
        ChatOptions options = options();
        try (LanguageModel opened = model.open(context.length())) {
            if (template.isEmpty() && opened.chatTemplates().isEmpty()) {
                throw new IllegalArgumentException(
                        "%s has no chat template: it was not made for chat; give one with --chat-template FILE, or continue a text with generate"
                                .formatted(model.location()));
            }
            List<Turn> turns = new ArrayList<>();
            try (ChatSession chat = opened.newChat(options)) {
                if (prompts.isEmpty()) {
                    converse(chat, turns);
                } else {
                    prompts.forEach(prompt -> turn(chat, prompt, turns));
                }
                List<Said> said =
                        chat.messages().stream().map(ChatCommand::said).toList();
                json.write(new Conversation(said, turns), out());
            }
        }
        return 0;
    }

    private ChatOptions options() throws IOException {
        GenerationOptions generation = GenerationOptions.DEFAULT
                .withMaxTokens(maxTokens.orElse(Integer.MAX_VALUE))
                .withStopStrings(stops.toArray(String[]::new))
                .withSampling(sampling.options());
        Map<String, Object> values = new LinkedHashMap<>();
        variables.forEach((name, value) -> values.put(name, value("--template-variable " + name, value)));
        return new ChatOptions(system, template, readTools(), values, generation);
    }

    private static Object value(String what, String text) {
        try {
            return JsonMapper.shared().readValue(text, Object.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "%s: got '%s', expected JSON such as true, 5 or \"text\"".formatted(what, text), e);
        }
    }

    private List<Map<String, Object>> readTools() {
        if (tools.isEmpty()) {
            return List.of();
        }
        try {
            return JsonMapper.shared()
                    .readValue(tools.get().toFile(), new TypeReference<List<Map<String, Object>>>() {});
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "%s: expected a JSON array of tools: %s".formatted(tools.get(), e.getOriginalMessage()), e);
        }
    }

    private static Said said(ChatMessage message) {
        return new Said(message.role(), message.content());
    }

    private void converse(ChatSession chat, List<Turn> turns) throws IOException {
        boolean terminal = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .isPresent();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        prompt(terminal);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (!line.isBlank()) {
                turn(chat, line, turns);
            }
            prompt(terminal);
        }
    }

    private void prompt(boolean terminal) {
        if (terminal) {
            spec.commandLine().getErr().print("> ");
            spec.commandLine().getErr().flush();
        }
    }

    private void turn(ChatSession chat, String text, List<Turn> turns) {
        try (ChatReply reply = chat.send(text)) {
            while (reply.hasNext()) {
                String piece = reply.next().text();
                if (!json.replacesText()) {
                    out().print(piece);
                    if (out().checkError()) {
                        reply.cancel();
                    }
                }
            }
            if (!json.replacesText()) {
                out().println();
            }
            GenerationStatistics done = reply.statistics();
            turns.add(new Turn(
                    reply.conversationTokens(),
                    reply.reusedTokens(),
                    done.promptTokens(),
                    done.generatedTokens(),
                    done.stopReason().name().toLowerCase(Locale.ROOT)));
            if (stats) {
                printStatistics(reply, done);
            }
        }
    }

    private void printStatistics(ChatReply reply, GenerationStatistics done) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(Units.format(
                "%d tokens, %d reused, %d prefilled in %s; %d generated, %.1f tokens/s",
                reply.conversationTokens(),
                reply.reusedTokens(),
                done.promptTokens(),
                Units.seconds(done.prefill()),
                done.generatedTokens(),
                done.decodeTokensPerSecond()));
        err.flush();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
