package org.attention4j.examples.general;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.attention4j.ChatOptions;
import org.attention4j.ChatReply;
import org.attention4j.ChatSession;
import org.attention4j.LanguageModel;
import org.attention4j.core.generate.GenerationOptions;
import org.attention4j.examples.Arguments;
import org.attention4j.examples.Sample;
import org.attention4j.examples.Samples;

/**
 * Talks with a model. A chat template, in Jinja, turns the conversation into the text that the model reads; models made for chat
 * bring one, the embedded model gets one here: the story that it is told as the system message, and the last question. Between
 * turns the model's state stays, and only what changed in the text goes through it: the story is read once.
 */
@AutoService(Sample.class)
public final class ChatWithTemplate implements Sample {
    private static final String TEMPLATE = "{{ messages[0].content }}\nQuestion: {{ messages[-1].content }}\nAnswer:";

    private static final String STORY =
            "Once upon a time there was a brave girl named Lily. She had a friend named Tom. Tom wanted to be a doctor. "
                    + "One day, Lily lost her kite. Tom found the kite behind the house. Lily felt happy.";

    private static final List<String> QUESTIONS =
            List.of("Where did Tom find the kite?", "Who was the friend of Lily?", "What did Tom want to be?");

    @Override
    public String name() {
        return "chat";
    }

    @Override
    public String description() {
        return "talks with a model by a chat template, and keeps its state between turns";
    }

    @Override
    public String options() {
        return "[--model PATH] [--system TEXT] [--backend NAME] [MESSAGE...]";
    }

    @Override
    public void run(Arguments arguments, PrintWriter out) throws IOException {
        ChatOptions options = ChatOptions.DEFAULT
                .withSystem(arguments.option("system").orElse(STORY))
                .withGeneration(GenerationOptions.DEFAULT.withMaxTokens(100));
        List<String> messages = arguments.words().isEmpty() ? QUESTIONS : arguments.words();
        Path template = Files.writeString(Files.createTempFile("template", ".jinja"), TEMPLATE);
        try (LanguageModel model = arguments.open(arguments.option("model").orElse("builtin:stories"));
                ChatSession chat =
                        model.newChat(model.chatTemplates().isEmpty() ? options.withTemplateFile(template) : options)) {
            for (String message : messages) {
                out.println("> " + message);
                try (ChatReply reply = chat.send(message)) {
                    reply.forEachRemaining(chunk -> out.print(chunk.text()));
                    out.printf(
                            Locale.ROOT,
                            "%n  (%d tokens, of which %d were in the model's state already)%n",
                            reply.conversationTokens(),
                            reply.reusedTokens());
                }
            }
        } finally {
            Files.delete(template);
        }
    }

    static void main(String[] args) throws IOException {
        Samples.main(new ChatWithTemplate(), args);
    }
}
