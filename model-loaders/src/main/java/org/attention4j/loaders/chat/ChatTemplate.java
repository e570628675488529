package org.attention4j.loaders.chat;

import com.google.common.collect.ImmutableMap;
import java.time.Clock;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.attention4j.loaders.chat.jinja.JinjaException;
import org.attention4j.loaders.chat.jinja.JinjaTemplate;
import org.attention4j.loaders.chat.jinja.Limits;
import org.jspecify.annotations.Nullable;

/**
 * How a model wants conversations written: a Jinja template, which sees what transformers' {@code apply_chat_template} gives it.
 * It has no access to Java, files or other templates, and limits of time and size; see {@link
 * org.attention4j.loaders.chat.jinja}. Immutable and thread-safe.
 */
public final class ChatTemplate {
    private final String source;
    private final JinjaTemplate template;
    private final ImmutableMap<String, String> specialTokens;
    private final Clock clock;

    private ChatTemplate(
            String source, JinjaTemplate template, ImmutableMap<String, String> specialTokens, Clock clock) {
        this.source = source;
        this.template = template;
        this.specialTokens = specialTokens;
        this.clock = clock;
    }

    /**
     * A template.
     *
     * @param source where it is from, for errors
     * @param template Jinja
     * @param specialTokens the special tokens' names by their roles, such as {@code bos_token} and {@code eos_token}
     * @throws ChatTemplateException if it is not well formed
     */
    public static ChatTemplate of(String source, String template, Map<String, String> specialTokens) {
        try {
            JinjaTemplate jinja = JinjaTemplate.of(template, Limits.DEFAULT);
            return new ChatTemplate(
                    source, jinja, ImmutableMap.copyOf(specialTokens), Clock.system(ZoneId.systemDefault()));
        } catch (JinjaException e) {
            throw new ChatTemplateException(source, String.valueOf(e.getMessage()));
        }
    }

    /** The same, asking this clock for the time that some templates tell their models. */
    public ChatTemplate withClock(Clock value) {
        return new ChatTemplate(source, template, specialTokens, value);
    }

    /** Where the template is from. */
    public String source() {
        return source;
    }

    /**
     * The conversation as text. It spells its special tokens: encode it with {@code EncodeOptions.TEMPLATE}.
     *
     * @param tools the tools that the model may use, each a JSON Schema as OpenAI's API and transformers define it
     * @param addGenerationPrompt whether to end with the beginning of the assistant's answer
     * @param extra further variables that the template may read, such as {@code enable_thinking}
     * @throws ChatTemplateException if the template refuses it, is wrong or goes beyond its limits
     */
    public String render(
            List<ChatMessage> messages,
            List<Map<String, Object>> tools,
            boolean addGenerationPrompt,
            Map<String, Object> extra) {
        Map<String, @Nullable Object> variables = new HashMap<>(specialTokens);
        variables.put("messages", messages.stream().map(ChatMessage::toMap).toList());
        variables.put("tools", tools.isEmpty() ? null : tools);
        variables.put("documents", null);
        variables.put("add_generation_prompt", addGenerationPrompt);
        variables.putAll(extra);
        try {
            return template.render(variables, clock);
        } catch (JinjaException e) {
            throw new ChatTemplateException(source, String.valueOf(e.getMessage()));
        }
    }
}
