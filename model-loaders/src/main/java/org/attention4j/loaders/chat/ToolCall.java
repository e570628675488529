package org.attention4j.loaders.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A model's request to use a tool.
 *
 * @param id what the tool's answer refers to; empty if nothing does
 * @param name the tool
 * @param arguments what it is called with: text, numbers, truth values, lists and maps
 */
public record ToolCall(String id, String name, Map<String, Object> arguments) {
    public ToolCall {
        arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
    }

    /** As templates expect it: {@code {type, id, function: {name, arguments}}}. */
    Map<String, Object> toMap() {
        Map<String, Object> call = new LinkedHashMap<>();
        if (!id.isEmpty()) {
            call.put("id", id);
        }
        call.put("type", "function");
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", name);
        function.put("arguments", arguments);
        call.put("function", function);
        return call;
    }
}
