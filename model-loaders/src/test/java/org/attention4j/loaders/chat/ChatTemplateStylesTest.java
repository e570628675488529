package org.attention4j.loaders.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Templates written in the manner of those that popular models have, with what Python's Jinja2, set up as transformers does it,
 * made of the same conversations.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ChatTemplateStylesTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2025-07-10T12:00:00Z"), ZoneOffset.UTC);
    private static final JsonMapper JSON = JsonMapper.shared();

    private JsonNode conversations = JSON.createArrayNode();
    private List<Map<String, Object>> tools = List.of();

    @BeforeAll
    void read() throws IOException {
        conversations = JSON.readTree(resource("conversations.json"));
        tools = JSON.readValue(resource("tools.json"), new TypeReference<>() {});
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chatml",
                "command-r",
                "deepseek",
                "gemma",
                "granite",
                "harmony",
                "llama2",
                "llama3-tools",
                "mistral-tools",
                "olmo",
                "phi",
                "qwen-thinking",
                "smollm-training",
                "zephyr"
            })
    void rendersConversationsAsPythonDoes(String style) throws IOException {
        Map<String, String> special = Map.of("bos_token", "<s>", "eos_token", "</s>");
        ChatTemplate template =
                ChatTemplate.of(style, resource(style + ".jinja"), special).withClock(CLOCK);
        JsonNode expected = JSON.readTree(resource(style + ".expected.json"));
        for (JsonNode conversation : conversations) {
            String name = conversation.get("name").asString();
            JsonNode text = expected.get(name);
            if (text.isString()) {
                assertEquals(text.asString(), render(template, conversation), name);
            } else {
                String raised = text.get("error").asString().replaceFirst("^raise: ", "");
                ChatTemplateException e =
                        assertThrows(ChatTemplateException.class, () -> render(template, conversation), name);
                assertTrue(String.valueOf(e.getMessage()).startsWith(style + ": chat template: line "), e.getMessage());
                assertTrue(String.valueOf(e.getMessage()).endsWith(": " + raised), e.getMessage());
            }
        }
    }

    private String render(ChatTemplate template, JsonNode conversation) {
        List<ChatMessage> messages = new ArrayList<>();
        List<ToolCall> calls = List.of();
        for (JsonNode message : conversation.get("messages")) {
            String content = message.get("content").asString();
            if (message.has("calls")) {
                calls = JSON.convertValue(message.get("calls"), new TypeReference<>() {});
                messages.add(ChatMessage.calls(calls));
            } else if (message.get("role").asString().equals("tool")) {
                messages.add(ChatMessage.tool(calls.getFirst(), content));
            } else {
                messages.add(new ChatMessage(message.get("role").asString(), content));
            }
        }
        Map<String, Object> extra = conversation.has("extra")
                ? JSON.convertValue(conversation.get("extra"), new TypeReference<>() {})
                : Map.of();
        boolean generate = !conversation.has("generate");
        return template.render(messages, conversation.has("tools") ? tools : List.of(), generate, extra);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = ChatTemplateStylesTest.class.getResourceAsStream("styles/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
