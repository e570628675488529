package org.attention4j.loaders.chat;

import com.google.common.collect.ImmutableMap;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormatException;

/**
 * The chat templates of a model. Most have one; some have another for conversations with tools.
 *
 * <p>They are found in a GGUF file under {@code tokenizer.chat_template} and {@code tokenizer.chat_template.NAME}; beside
 * safetensors in {@code chat_template.jinja} and {@code additional_chat_templates/NAME.jinja}, else in {@code
 * chat_template.json}, else in {@code tokenizer_config.json}, where {@code chat_template} is a template or a list of named ones.
 */
public final class ChatTemplates {
    static final String DEFAULT = "default";

    private static final String WITH_TOOLS = "tool_use";

    private final String source;
    private final ImmutableMap<String, String> templates;
    private final ImmutableMap<String, String> specialTokens;

    private ChatTemplates(String source, Map<String, String> templates, Map<String, String> specialTokens) {
        this.source = source;
        this.templates = ImmutableMap.copyOf(templates);
        this.specialTokens = ImmutableMap.copyOf(specialTokens);
    }

    /**
     * The templates that come with a model; there may be none.
     *
     * @throws ModelFormatException if a file can't be read or is not what it should be
     */
    public static ChatTemplates of(Checkpoint checkpoint) {
        String source = checkpoint.path().toString();
        if (checkpoint.metadata().has(GgufChatTemplates.MODEL)) {
            return new ChatTemplates(
                    source,
                    GgufChatTemplates.templates(checkpoint.metadata()),
                    GgufChatTemplates.specialTokens(checkpoint.metadata()));
        }
        Optional<HfChatTemplates> files = HfChatTemplates.beside(checkpoint.home());
        return new ChatTemplates(
                source,
                files.map(HfChatTemplates::templates).orElse(Map.of()),
                files.map(HfChatTemplates::specialTokens).orElse(Map.of()));
    }

    /**
     * The same with the template in a file in place of these: Jinja, or JSON such as a {@code tokenizer_config.json}.
     *
     * @throws ModelFormatException if the file can't be read or has no template
     */
    public ChatTemplates withFile(Path file) {
        return new ChatTemplates(file.toString(), HfChatTemplates.read(file), specialTokens);
    }

    /** Whether the model has none. */
    public boolean isEmpty() {
        return templates.isEmpty();
    }

    /** Their text, by name; where there is one, its name is {@code default}. */
    public Map<String, String> byName() {
        return templates;
    }

    /**
     * The template for a conversation.
     *
     * @param withTools whether there are tools that the model may use
     * @throws ChatTemplateException if there is none, or it is not well formed
     */
    public ChatTemplate select(boolean withTools) {
        Map<String, String> choices = new LinkedHashMap<>(templates);
        if (choices.isEmpty()) {
            throw new ChatTemplateException(
                    source, "there is none: the model was not made for chat, or its file does not say how");
        }
        String name = withTools && choices.containsKey(WITH_TOOLS) ? WITH_TOOLS : DEFAULT;
        String template = choices.size() == 1 ? choices.values().iterator().next() : choices.get(name);
        if (template == null) {
            throw new ChatTemplateException(
                    source,
                    "there are %s, expected one named %s".formatted(String.join(", ", choices.keySet()), DEFAULT));
        }
        return ChatTemplate.of(source, template, specialTokens);
    }
}
