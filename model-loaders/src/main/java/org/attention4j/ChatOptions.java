package org.attention4j;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.generate.GenerationOptions;

/**
 * How to talk with a model.
 *
 * @param system what the model is told before the conversation
 * @param templateFile a file with a chat template in place of the model's own: Jinja, or JSON with {@code chat_template}
 * @param tools the tools that the model may use, each a JSON Schema as OpenAI's API and transformers define it
 * @param variables further variables that the template reads, such as {@code enable_thinking}
 * @param generation how answers are generated
 */
public record ChatOptions(
        Optional<String> system,
        Optional<Path> templateFile,
        List<Map<String, Object>> tools,
        Map<String, Object> variables,
        GenerationOptions generation) {
    /** The model's template, no system message, no tools, and answers as long as the context has room. */
    public static final ChatOptions DEFAULT = new ChatOptions(
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Map.of(),
            GenerationOptions.DEFAULT.withMaxTokens(Integer.MAX_VALUE));

    public ChatOptions {
        tools = ImmutableList.copyOf(tools);
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
    }

    /** The same with this system message. */
    public ChatOptions withSystem(String value) {
        return new ChatOptions(Optional.of(value), templateFile, tools, variables, generation);
    }

    /** The same with the template in a file. */
    public ChatOptions withTemplateFile(Path value) {
        return new ChatOptions(system, Optional.of(value), tools, variables, generation);
    }

    /** The same with these tools. */
    public ChatOptions withTools(List<Map<String, Object>> value) {
        return new ChatOptions(system, templateFile, value, variables, generation);
    }

    /** The same with these variables for the template. */
    public ChatOptions withVariables(Map<String, Object> value) {
        return new ChatOptions(system, templateFile, tools, value, generation);
    }

    /** The same with answers generated so. */
    public ChatOptions withGeneration(GenerationOptions value) {
        return new ChatOptions(system, templateFile, tools, variables, value);
    }
}
