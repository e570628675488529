package org.attention4j.loaders.chat;

import com.google.common.collect.ImmutableList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One message of a conversation.
 *
 * @param role who speaks: {@code system}, {@code user}, {@code assistant}, {@code tool}, or what else a template knows
 * @param content what is said; empty where an assistant only calls tools
 * @param toolCalls the tools that an assistant wants to use
 * @param more further members that a template may read, such as {@code tool_call_id}, {@code name} or {@code reasoning_content}
 */
public record ChatMessage(String role, String content, List<ToolCall> toolCalls, Map<String, Object> more) {
    public ChatMessage {
        toolCalls = ImmutableList.copyOf(toolCalls);
        more = Collections.unmodifiableMap(new LinkedHashMap<>(more));
    }

    /** A message of text alone. */
    public ChatMessage(String role, String content) {
        this(role, content, List.of(), Map.of());
    }

    /** What the model is to be told before the conversation. */
    public static ChatMessage system(String content) {
        return new ChatMessage("system", content);
    }

    /** What the user says. */
    public static ChatMessage user(String content) {
        return new ChatMessage("user", content);
    }

    /** What the model said. */
    public static ChatMessage assistant(String content) {
        return new ChatMessage("assistant", content);
    }

    /** The tools that the model asked for. */
    public static ChatMessage calls(List<ToolCall> toolCalls) {
        return new ChatMessage("assistant", "", toolCalls, Map.of());
    }

    /** What a tool answered to a call. */
    public static ChatMessage tool(ToolCall call, String content) {
        return new ChatMessage("tool", content, List.of(), Map.of("tool_call_id", call.id(), "name", call.name()));
    }

    /** As templates expect it. */
    Map<String, Object> toMap() {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("role", role);
        message.put("content", content);
        if (!toolCalls.isEmpty()) {
            message.put("tool_calls", toolCalls.stream().map(ToolCall::toMap).toList());
        }
        message.putAll(more);
        return message;
    }
}
