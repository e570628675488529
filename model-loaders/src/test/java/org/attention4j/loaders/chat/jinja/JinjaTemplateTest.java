package org.attention4j.loaders.chat.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.CharBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

class JinjaTemplateTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2025-07-10T12:00:00Z"), ZoneOffset.UTC);

    /** Templates with what Python's Jinja2 3.1 made of them with trim_blocks and lstrip_blocks; no text means an error. */
    record Snippet(String template, @Nullable String text, boolean error) {}

    private record Snippets(Map<String, Object> variables, List<Snippet> cases) {
        static Snippets read() throws IOException {
            try (InputStream in = JinjaTemplateTest.class.getResourceAsStream("snippets.json")) {
                return JsonMapper.shared().readValue(Objects.requireNonNull(in), Snippets.class);
            }
        }
    }

    static Stream<Snippet> snippets() throws IOException {
        return Snippets.read().cases().stream();
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void rendersAsJinja2Does(Snippet snippet) throws IOException {
        Map<String, Object> variables = Snippets.read().variables();
        if (snippet.error()) {
            JinjaException e = assertThrows(JinjaException.class, () -> render(snippet.template(), variables));
            assertEquals(1, String.valueOf(e.getMessage()).lines().count());
        } else {
            assertEquals(snippet.text(), render(snippet.template(), variables));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '@', quoteCharacter = '`', textBlock = """
        {{ x.y.z }} @ line 1: 'str object' has no attribute 'y'
        {{ nothing.y }} @ line 1: 'nothing' is undefined
        {{ x + 1 }} @ line 1: '+' between a string and the integer 1
        {% for a in 5 %}{% endfor %} @ line 1: loop: got the integer 5, expected a list, map or string
        {{ raise_exception('No ' ~ x) }} @ line 1: No text
        {{ x | upper(1) | frobnicate }} @ line 1: unknown filter 'frobnicate'
        {{ x is frobnicated }} @ line 1: unknown test 'frobnicated'
        {% include 'other' %} @ line 1: unknown tag 'include', expected one of if, for, macro, call, filter, set, generation, break, continue
        {% if x %} @ line 1: tag 'if' has no end, expected 'endif'
        {% endfor %} @ line 1: unexpected tag 'endfor'
        {{ (1 }} @ line 1: unexpected '}'
        {{ 1 +  }} @ line 1: unexpected end of the tag, expected a value
        {{ 'a }} @ line 1: a string has no end, expected '
        {{ x[0:1:0] }} @ line 1: slice: got the step 0, expected another
        {{ 9223372036854775807 + 1 }} @ line 1: 9223372036854775807 + 1: long overflow
        """)
    void errorsSayWhatAndWhere(String template, String message) {
        JinjaException e = assertThrows(JinjaException.class, () -> render(template, Map.of("x", "text")));
        assertEquals(message, e.getMessage());
    }

    @Test
    void errorsHaveTheLineOfTheTemplateHoweverItsWhiteSpaceGoes() {
        String before = "{# a comment\nof two lines #}\n{%- if true -%}\n\n\n  {% endif %}\n{% set x = 1\n%}\n";
        assertEquals(9, line(before + "{{ raise_exception('here') }}"));
        assertEquals(10, line(before + "\n  {%- if raise_exception('here') %}{% endif %}"));
        assertEquals(11, line(before + "{% macro m() %}\n\n{{ x }}{% endmacro %}{{ m() + 1 }}"));
        assertEquals(11, line(before + "{% macro m() %}\n\n{{ raise_exception('here') }}{% endmacro %}{{ m() }}"));
    }

    private static int line(String template) {
        String message = String.valueOf(assertThrows(JinjaException.class, () -> render(template, Map.of()))
                .getMessage());
        return Integer.parseInt(message.substring("line ".length(), message.indexOf(':')));
    }

    @Test
    void whatATemplatePrintsIsNotATemplate() {
        assertEquals("{{ 1 + 1 }}{% if x %}{# c #}", render("{{ x }}", Map.of("x", "{{ 1 + 1 }}{% if x %}{# c #}")));
        assertEquals("\uFDD0 x \uFDD1", render("{{ x }}", Map.of("x", "\uFDD0 x \uFDD1")));
    }

    @Test
    void javaIsOutOfReach() {
        for (String access : List.of(
                "x.class",
                "x.getClass()",
                "x['class']",
                "x.__class__",
                "l.getClass().forName('java.lang.Runtime')",
                "x.getBytes()",
                "l.stream()",
                "____int3rpr3t3r____.config",
                "interpreter.context",
                "x | render",
                "x | fromyaml",
                "x | log",
                "type(x).name",
                "unixtimestamp()",
                "today()")) {
            JinjaException e = assertThrows(
                    JinjaException.class,
                    () -> render("{{ (" + access + ").x }}", Map.of("x", "text", "l", List.of(1))),
                    access);
            assertTrue(
                    String.valueOf(e.getMessage())
                            .matches("line 1: (.* has no attribute .*|.* is undefined|unknown filter .*)"),
                    e.getMessage());
        }
    }

    @Test
    void variablesAreTextNumbersTruthValuesListsAndMaps() {
        Map<String, Object> variables =
                Map.of("a", CharBuffer.wrap("text"), "b", (short) 1, "c", 1.5f, "d", new Object[0].length);
        assertEquals("text 1 1.5 0", render("{{ a }} {{ b }} {{ c }} {{ d }}", variables));
        JinjaException e = assertThrows(JinjaException.class, () -> render("", Map.of("x", new Object())));
        assertEquals(
                "a value for the template is a Object, expected text, numbers, truth values, lists and maps",
                e.getMessage());
    }

    @Test
    void rendersOnManyThreads() throws Exception {
        JinjaTemplate template = JinjaTemplate.of(
                "{% macro m(i) %}{{ i * n }}{% endmacro %}{% for i in range(50) %}{{ m(i) }},{% endfor %}",
                Limits.DEFAULT);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Callable<Boolean>> tasks = IntStream.range(0, 40)
                    .<Callable<Boolean>>mapToObj(n -> () -> template.render(Map.of("n", n), CLOCK)
                            .equals(IntStream.range(0, 50)
                                    .mapToObj(i -> i * n + ",")
                                    .reduce("", String::concat)))
                    .toList();
            for (Future<Boolean> result : threads.invokeAll(tasks)) {
                assertTrue(result.get());
            }
        }
    }

    private static String render(String template, Map<String, Object> variables) {
        return JinjaTemplate.of(template, Limits.DEFAULT).render(variables, CLOCK);
    }
}
