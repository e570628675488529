package org.attention4j.loaders.chat.jinja;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** Any text is rendered as a template, within its limits, or refused with one line. */
class JinjaFuzzTest {
    private static final Limits SMALL = new Limits(1 << 16, 1 << 16, 1L << 20, Duration.ofSeconds(2));
    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    private static final Map<String, Object> VARIABLES = Map.of(
            "messages",
            List.of(
                    Map.of("role", "user", "content", "Hello"),
                    Map.of("role", "assistant", "content", "Hi", "tool_calls", List.of(Map.of("name", "f")))),
            "tools",
            List.of(Map.of("function", Map.of("name", "f", "parameters", Map.of("type", "object")))),
            "bos_token",
            "<s>",
            "add_generation_prompt",
            true);

    @FuzzTest
    void rendersOrRefuses(byte[] bytes) {
        try {
            String text = JinjaTemplate.of(new String(bytes, StandardCharsets.UTF_8), SMALL)
                    .render(VARIABLES, CLOCK);
            assertTrue(text.length() <= SMALL.textLength());
        } catch (JinjaException e) {
            assertTrue(String.valueOf(e.getMessage()).length() < 100_000);
        }
    }
}
