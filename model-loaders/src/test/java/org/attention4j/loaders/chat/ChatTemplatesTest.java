package org.attention4j.loaders.chat;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormats;
import org.attention4j.loaders.gguf.GgufWriter;
import org.attention4j.loaders.safetensors.SafetensorsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplatesTest {
    private static final List<ChatMessage> HELLO = List.of(ChatMessage.user("Hello"));
    private static final List<Map<String, Object>> TOOLS = List.of(Map.of("type", "function"));

    @TempDir
    Path dir;

    @Test
    void ggufFilesHaveThemInTheirMetadata() throws IOException {
        Path file = dir.resolve("chat.gguf");
        new GgufWriter()
                .string("general.architecture", "toy")
                .string("tokenizer.ggml.model", "llama")
                .strings("tokenizer.ggml.tokens", List.of("<unk>", "<s>", "</s>"))
                .uint32("tokenizer.ggml.bos_token_id", 1)
                .uint32("tokenizer.ggml.eos_token_id", 2)
                .string(
                        "tokenizer.chat_template",
                        "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}{{ unk_token }}")
                .string("tokenizer.chat_template.tool_use", "{{ tools | length }} tools")
                .tensor("w", Tensor.scalar(5f))
                .write(file);
        ChatTemplates templates = read(file);
        assertEquals("<s>Hello</s>", render(templates, List.of()));
        assertEquals("1 tools", render(templates, TOOLS));
    }

    @Test
    void huggingFaceDirectoriesHaveThemInTheConfigurationOfTheTokenizer() throws IOException {
        Path model = huggingFace("""
            {"bos_token": "<s>", "eos_token": {"content": "</s>", "lstrip": false}, "unk_token": null,
             "chat_template": "{{ bos_token }}{{ messages[0]['content'] }}{{ eos_token }}"}\
            """);
        assertEquals("<s>Hello</s>", render(read(model), List.of()));
        assertEquals("<s>Hello</s>", render(read(model.resolve("model.safetensors")), TOOLS));
    }

    @Test
    void aListOfNamedTemplatesHasOneForTools() throws IOException {
        Path model = huggingFace("""
            {"chat_template": [{"name": "default", "template": "plain"}, {"name": "tool_use", "template": "with tools"},
             {"name": "rag", "template": "with documents"}]}\
            """);
        assertEquals("plain", render(read(model), List.of()));
        assertEquals("with tools", render(read(model), TOOLS));
        assertEquals(
                List.of("default", "tool_use", "rag"),
                List.copyOf(read(model).byName().keySet()));
    }

    @Test
    void aFileOfItsOwnGoesBeforeTheConfiguration() throws IOException {
        Path model = huggingFace("{\"chat_template\": \"old\", \"bos_token\": \"<s>\"}");
        Files.writeString(model.resolve("chat_template.json"), "{\"chat_template\": \"json\"}");
        assertEquals("json", render(read(model), List.of()));
        Files.writeString(model.resolve("chat_template.jinja"), "{{ bos_token }}jinja");
        Files.createDirectories(model.resolve("additional_chat_templates"));
        Files.writeString(model.resolve("additional_chat_templates/tool_use.jinja"), "tools");
        assertEquals("<s>jinja", render(read(model), List.of()));
        assertEquals("tools", render(read(model), TOOLS));
    }

    @Test
    void aUserMayGiveAFile() throws IOException {
        Path model = huggingFace("{\"bos_token\": \"<s>\"}");
        assertTrue(read(model).isEmpty());
        Path jinja = Files.writeString(dir.resolve("mine.jinja"), "{{ bos_token }}mine {{ add_generation_prompt }}");
        assertEquals("<s>mine True", render(read(model).withFile(jinja), List.of()));
        Path json = Files.writeString(dir.resolve("other.json"), "{\"chat_template\": {\"default\": \"theirs\"}}");
        assertEquals("theirs", render(read(model).withFile(json), List.of()));
    }

    @Test
    void whatIsWrongIsAnErrorOfOneLine() throws IOException {
        Path model = huggingFace("{}");
        ChatTemplateException none =
                assertThrows(ChatTemplateException.class, () -> read(model).select(false));
        assertEquals(
                model + ": chat template: there is none: the model was not made for chat, or its file does not say how",
                none.getMessage());
        assertRefused(() -> read(huggingFace("{\"chat_template\": 5}")), "'chat_template' is 5, expected a template");
        assertRefused(
                () -> read(huggingFace("{\"chat_template\": [{\"name\": \"x\"}]}")),
                "'chat_template' is an array of 1");
        huggingFace("{}");
        assertRefused(() -> read(model).withFile(dir.resolve("gone.jinja")), "gone.jinja: no such file");
        assertRefused(() -> read(model).withFile(dir), "not a regular file");
        Path bytes = Files.write(dir.resolve("bytes.jinja"), new byte[] {(byte) 0xff});
        assertRefused(() -> read(model).withFile(bytes), "not valid UTF-8");
        Path json = Files.writeString(dir.resolve("empty.json"), "{}");
        assertRefused(() -> read(model).withFile(json), "'chat_template' is missing, expected a template");
        Path broken = Files.writeString(dir.resolve("broken.jinja"), "{% if %}\n{{ 'x\ny' }}");
        ChatTemplateException e = assertThrows(
                ChatTemplateException.class, () -> read(model).withFile(broken).select(false));
        assertEquals(broken + ": chat template: line 1: tag 'if' has no end, expected 'endif'", e.getMessage());
        ChatTemplateException raised = assertThrows(
                ChatTemplateException.class,
                () -> ChatTemplate.of("mine", "{{ raise_exception('two\\nlines') }}", Map.of())
                        .render(HELLO, List.of(), true, Map.of()));
        assertEquals("mine: chat template: line 1: two\\u000alines", raised.getMessage());
    }

    @Test
    void severalNamedTemplatesNeedADefault() throws IOException {
        ChatTemplates templates = read(huggingFace(
                "{\"chat_template\": [{\"name\": \"a\", \"template\": \"a\"}, {\"name\": \"b\", \"template\":"
                        + " \"b\"}]}"));
        assertTrue(String.valueOf(assertThrows(ChatTemplateException.class, () -> templates.select(true))
                        .getMessage())
                .endsWith("there are a, b, expected one named default"));
    }

    private Path huggingFace(String tokenizerConfig) throws IOException {
        Path model = Files.createDirectories(dir.resolve("model"));
        Files.writeString(model.resolve("config.json"), "{\"model_type\":\"toy\"}");
        Files.writeString(model.resolve("tokenizer_config.json"), tokenizerConfig);
        new SafetensorsWriter().tensor("w", Tensor.scalar(5f)).write(model.resolve("model.safetensors"));
        return model;
    }

    private static ChatTemplates read(Path model) {
        try (Checkpoint checkpoint = ModelFormats.open(model)) {
            return ChatTemplates.of(checkpoint);
        }
    }

    private static String render(ChatTemplates templates, List<Map<String, Object>> tools) {
        return templates.select(!tools.isEmpty()).render(HELLO, tools, true, Map.of());
    }
}
