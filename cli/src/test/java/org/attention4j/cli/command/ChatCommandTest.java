package org.attention4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.attention4j.cli.Cli;
import org.attention4j.cli.RandomModels;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ChatCommandTest {
    @TempDir
    private static Path directory;

    private static Path model = Path.of("");
    private static Path template = Path.of("");

    @BeforeAll
    static void writeModel() throws IOException {
        model = RandomModels.tiny(directory);
        template = Files.writeString(
                directory.resolve("template.jinja"),
                "{% if tools %}{{ tools | length }} tools {% endif %}{{ word }}{% for m in messages %}{{ m.role[0] }}:"
                        + " {{ m.content }}\n"
                        + "{% endfor %}");
    }

    @Test
    void eachPromptIsATurnAndTheStateStays() throws IOException {
        JsonNode chat = JsonMapper.shared()
                .readTree(chat("--prompt", "ab", "--prompt", "cd", "--system", "s", "--max-tokens", 2, "--json")
                        .done());
        assertEquals(5, chat.get("messages").size());
        assertEquals("system", chat.get("messages").get(0).get("role").asString());
        assertEquals("cd", chat.get("messages").get(3).get("content").asString());
        JsonNode second = chat.get("turns").get(1);
        assertTrue(second.get("reusedTokens").asInt()
                >= chat.get("turns").get(0).get("conversationTokens").asInt());
        assertEquals(
                second.get("conversationTokens").asInt(),
                second.get("reusedTokens").asInt()
                        + second.get("prefilledTokens").asInt());
        assertEquals(2, second.get("generatedTokens").asInt());
        assertEquals("max_tokens", second.get("stopReason").asString());
    }

    @Test
    void linesOfStandardInputAreMessages() {
        InputStream before = System.in;
        try {
            System.setIn(new ByteArrayInputStream("first\n\nsecond ü\n".getBytes(StandardCharsets.UTF_8)));
            Cli.Result result = chat("--max-tokens", 1, "--stats");
            result.done();
            assertEquals(
                    2, result.err().lines().filter(l -> l.contains(" reused, ")).count(), result.err());
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void toolsAndVariablesGoToTheTemplate() throws IOException {
        Path tools = Files.writeString(directory.resolve("tools.json"), "[{\"type\": \"function\"}]");
        JsonNode with = JsonMapper.shared()
                .readTree(chat(
                                "--prompt",
                                "x",
                                "--max-tokens",
                                1,
                                "--json",
                                "--tools",
                                tools,
                                "--template-variable",
                                "word=\"hello\"")
                        .done());
        JsonNode without = JsonMapper.shared()
                .readTree(chat("--prompt", "x", "--max-tokens", 1, "--json").done());
        int more = with.get("turns").get(0).get("conversationTokens").asInt()
                - without.get("turns").get(0).get("conversationTokens").asInt();
        assertTrue(more > 5, "the template wrote '1 tools hello' too");
    }

    @Test
    void badInputIsAnErrorOfOneLine() throws IOException {
        Cli.run("chat", "--backend", "reference", "--prompt", "Hi")
                .assertRefused(
                        "attention4j: builtin:stories has no chat template: it was not made for chat; give one with"
                                + " --chat-template FILE, or continue a text with generate");
        Path raising = Files.writeString(directory.resolve("raising.jinja"), "\n{{ raise_exception('not\\nthis') }}");
        chat("--prompt", "x", "--chat-template", raising)
                .assertRefused("attention4j: %s: chat template: line 2: not\\u000athis".formatted(raising));
        Path endless = Files.writeString(directory.resolve("endless.jinja"), "{{ range(10**9) }}");
        chat("--prompt", "x", "--chat-template", endless)
                .assertRefusedLike("attention4j: .*endless.jinja: chat template: line 1: stopped after \\d+ steps: .*");
        Path tools = Files.writeString(directory.resolve("broken.json"), "{");
        chat("--prompt", "x", "--tools", tools)
                .assertRefusedLike("attention4j: .*broken.json: expected a JSON array of tools: .*");
        chat("--prompt", "x", "--template-variable", "a=b")
                .assertRefused(
                        "attention4j: --template-variable a: got 'b', expected JSON such as true, 5 or \"text\"");
        chat("--prompt", "a".repeat(100))
                .assertRefusedLike(
                        "attention4j: chat: the conversation has \\d+ tokens, but the context has room for 64; start"
                                + " .*");
    }

    private static Cli.Result chat(Object... options) {
        Object[] first = {"chat", "--model", model, "--backend", "reference", "--chat-template", template};
        Object[] args = new Object[first.length + options.length];
        System.arraycopy(first, 0, args, 0, first.length);
        System.arraycopy(options, 0, args, first.length, options.length);
        boolean ownTemplate = List.of(options).contains("--chat-template");
        return Cli.run(ownTemplate ? without(args, 5, 2) : args);
    }

    private static Object[] without(Object[] args, int at, int count) {
        Object[] rest = new Object[args.length - count];
        System.arraycopy(args, 0, rest, 0, at);
        System.arraycopy(args, at + count, rest, at, rest.length - at);
        return rest;
    }
}
