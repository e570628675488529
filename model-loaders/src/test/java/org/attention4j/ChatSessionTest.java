package org.attention4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.attention4j.core.generate.GenerationOptions;
import org.attention4j.core.generate.StopReason;
import org.attention4j.loaders.chat.ChatMessage;
import org.attention4j.loaders.chat.ChatTemplateException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatSessionTest {
    private static final String PLAIN =
            "{{ bos_token }}{% for m in messages %}{{ m.content }}{% if m.role == 'assistant' %}{{ eos_token }}{%"
                    + " endif %}{% endfor %}";

    @TempDir
    private static Path directory;

    private static Path file = Path.of("");

    @BeforeAll
    static void writeModel() throws IOException {
        file = AlphabetModel.write(directory.resolve("alphabet.gguf"));
    }

    @Test
    void onlyWhatIsNewGoesThroughTheModel() throws IOException {
        try (LanguageModel model = open();
                ChatSession chat = model.newChat(options(PLAIN))) {
            ChatReply first = chat.send("u");
            assertEquals("vwxyz", first.readAll());
            assertEquals(3, first.conversationTokens(), "beginning of sequence, space, u");
            assertEquals(0, first.reusedTokens());
            assertEquals(3, first.statistics().promptTokens());
            ChatReply second = chat.send("w");
            assertEquals("xyz", second.readAll());
            assertEquals(11, second.conversationTokens(), "the first turn's 8, its end, space, w");
            assertEquals(8, second.reusedTokens());
            assertEquals(3, second.statistics().promptTokens());
            assertEquals(
                    List.of(
                            ChatMessage.user("u"),
                            ChatMessage.assistant("vwxyz"),
                            ChatMessage.user("w"),
                            ChatMessage.assistant("xyz")),
                    chat.messages());
        }
    }

    @Test
    void theStateIsTakenBackWhereTheTemplateChangesWhatItWrote() throws IOException {
        String forgetful =
                "{{ bos_token }}{% for m in messages %}{{ m.content if m.role == 'user' else '' }}{% endfor %}";
        try (LanguageModel model = open();
                ChatSession chat = model.newChat(options(forgetful))) {
            chat.send("u").readAll();
            ChatReply second = chat.send("x");
            assertEquals("yz", second.readAll(), "the answer before is not in the state any more");
            assertEquals(4, second.conversationTokens(), "beginning of sequence, space, u, x");
            assertEquals(3, second.reusedTokens());
            assertEquals(1, second.statistics().promptTokens());
        }
    }

    @Test
    void anAnswerThatIsNotReadToItsEndIsRemembered() throws IOException {
        try (LanguageModel model = open();
                ChatSession chat = model.newChat(options(PLAIN))) {
            try (ChatReply reply = chat.send("a")) {
                assertEquals("b", reply.next().text());
                assertEquals("c", reply.next().text());
                assertThrows(IllegalStateException.class, () -> chat.send("z"));
            }
            assertEquals(ChatMessage.assistant("bc"), chat.messages().getLast());
            ChatReply second = chat.send("y");
            assertEquals("z", second.readAll());
            assertEquals(4, second.reusedTokens(), "beginning of sequence, space, a, b: c was chosen but not given");
        }
    }

    @Test
    void systemMessagesAndVariablesAreTheTemplates() throws IOException {
        String template = "{{ bos_token }}{{ messages[0].role[0] }}{{ messages[0].content }}{{ last }}";
        ChatOptions options = options(template).withSystem("q").withVariables(Map.of("last", "w"));
        try (LanguageModel model = open();
                ChatSession chat = model.newChat(options)) {
            assertEquals("xyz", chat.send("ignored").readAll());
            assertEquals("<s>sqw", chat.prompt());
        }
    }

    @Test
    void aFullContextIsAnErrorAndLeavesTheConversationAsItWas() throws IOException {
        try (LanguageModel model = LanguageModel.builder(file.toString())
                        .backend("reference")
                        .contextLength(8)
                        .open();
                ChatSession chat = model.newChat(options(PLAIN))) {
            ChatReply first = chat.send("a");
            assertEquals("bcdefg", first.readAll());
            assertEquals(StopReason.CONTEXT_FULL, first.statistics().stopReason());
            var e = assertThrows(IllegalArgumentException.class, () -> chat.send("b"));
            assertEquals(
                    "chat: the conversation has 12 tokens, but the context has room for 8; start a new one or make the"
                            + " context longer",
                    e.getMessage());
            assertEquals(2, chat.messages().size());
        }
    }

    @Test
    void aModelWithoutATemplateSaysSo() {
        try (LanguageModel model = open()) {
            assertTrue(model.chatTemplates().isEmpty());
            var e = assertThrows(ChatTemplateException.class, model::newChat);
            assertTrue(
                    String.valueOf(e.getMessage()).contains("there is none: the model was not made for chat"),
                    e.getMessage());
        }
    }

    private static LanguageModel open() {
        return LanguageModel.builder(file.toString()).backend("reference").open();
    }

    private static ChatOptions options(String template) throws IOException {
        Path jinja = Files.writeString(Files.createTempFile(directory, "template", ".jinja"), template);
        return ChatOptions.DEFAULT.withTemplateFile(jinja).withGeneration(GenerationOptions.DEFAULT.withMaxTokens(100));
    }
}
