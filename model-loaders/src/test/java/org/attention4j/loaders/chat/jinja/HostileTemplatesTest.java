package org.attention4j.loaders.chat.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates that loop, grow or nest without end are stopped with one line. */
class HostileTemplatesTest {
    /** Small enough for tests to be fast, in the proportions of the default. */
    private static final Limits SMALL = new Limits(1 << 20, 1 << 18, 1L << 23, Duration.ofSeconds(2));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ range(10**9) }}",
                "{{ range(2147483647, -2147483648, -1) | list }}",
                "{{ 'a' * 10**10 }}",
                "{{ [1] * 10**10 }}",
                "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
                "{% for i in range(100000) %}{{ 'a' * 1000 }}{% endfor %}",
                "{% for i in range(100000) %}{% set x %}{{ 'a' * 1000 }}{% endset %}{% endfor %}",
                "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
                "{% macro f() %}{{ g() ~ g() }}{% endmacro %}{% macro g() %}{{ f() ~ f() }}{% endmacro %}{{ f() }}",
                "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(90) }}",
                "{% macro m() %}{% call m() %}{{ caller() }}{% endcall %}{% endmacro %}{{ m() }}",
                "{% set n = namespace(s='a') %}{% for i in range(99) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
                "{% set n = namespace(s='a') %}{% for i in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}",
                "{% set n = namespace(s=[1]) %}{% for i in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}",
                "{% set n = namespace(s=[1]) %}{% for i in range(99) %}{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s }}",
                "{% set n = namespace(s=[1]) %}{% for i in range(99) %}{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s |"
                        + " tojson }}",
                "{% set n = namespace(s=[1], t=[1]) %}{% for i in range(99) %}{% set n.s = [n.s, n.s] %}{% set n.t ="
                        + " [n.t, n.t] %}{% endfor %}{{ n.s == n.t }}",
                "{% set n = namespace(s=[1], t=[1]) %}{% for i in range(99) %}{% set n.s = [n.s, n.s] %}{% set n.t ="
                        + " [n.t, n.t] %}{% endfor %}{{ n.s < n.t }}",
                "{% set n = namespace(s=[1]) %}{% for i in range(9999) %}{% set n.s = [n.s] %}{% endfor %}{{ n.s }}",
                "{% set n = namespace() %}{% set n.n = n %}{{ n }}",
                "{{ ('a\\n' * 1000) | indent(10**9) }}",
                "{{ ('a\\n' * 1000) | indent(1000) }}",
                "{{ ('a' * 100000) | replace('a', 'a' * 100000) }}",
                "{{ ('a' * 100000) | replace('', 'a' * 100000) }}",
                "{{ range(10000) | join('a' * 10000) }}",
                "{{ ('a' * 10000).join(range(1000) | map('string')) }}",
                "{{ '%999999s' % 'x' }}",
                "{{ 'x'.rjust(10**9) }}",
                "{{ [1] | batch(10**9, 'x') | list }}",
                "{{ range(100000) | unique | list }}",
                "{% set x = 'a' * 200000 %}{{ ([x ~ '1', x, x] * 10000) | sort }}",
                "{% for i in range(100000) %}{{ ('a' * 100000 ~ 'b') in ('a' * 200000) }}{% endfor %}",
                "{% for i in range(100000) %}{% if ('ß' * 100000) | upper %}{% endif %}{% endfor %}",
                "{{ 10**10**10 }}",
                "{{ strftime_now('%B' * 1000) }}",
            })
    void whatHasNoEndIsStopped(String template) {
        JinjaException e = assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThrows(
                        JinjaException.class,
                        () -> JinjaTemplate.of(template, SMALL).render(Map.of(), Clock.systemUTC())));
        assertEquals(1, String.valueOf(e.getMessage()).lines().count());
    }

    @Test
    void timeIsLimited() {
        Limits quick = new Limits(1 << 20, 1 << 18, Long.MAX_VALUE, Duration.ofMillis(50));
        JinjaException e = assertThrows(
                JinjaException.class,
                () -> JinjaTemplate.of(
                                "{% for i in range(10**7) %}{{ i }}{% endfor %}"
                                        .replace("{{ i }}", "{% if i %}{% endif %}"),
                                quick)
                        .render(Map.of(), Clock.systemUTC()));
        assertEquals("line 1: stopped after 50 ms: the template takes too long", e.getMessage());
    }

    @Test
    void workIsLimitedWhereNothingGrows() {
        Limits little = new Limits(1000, 1000, 10_000, Duration.ofMinutes(1));
        JinjaException e = assertThrows(
                JinjaException.class,
                () -> JinjaTemplate.of("{{ range(10**9) }}", little).render(Map.of(), Clock.systemUTC()));
        assertEquals("line 1: stopped after 10000 steps: the template does too much", e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                "[",
                "{'a':",
                "not ",
                "-",
                "1 if 1 else ",
                "1+",
                "1~",
                "x.",
                "f(",
                "1|string|",
                "1 is string and "
            })
    void deepAndLongExpressionsAreRefused(String piece) {
        assertRefused("{{ " + piece.repeat(50_000) + "1 }}");
        assertRefused("{{ " + piece.repeat(50_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{% if 1 %}", "{% for i in x %}", "{{", "{%", "{#", "{% set x %}", "{% raw %}", "{% call(", "'\\"
            })
    void deepAndUnfinishedBlocksAreRefused(String piece) {
        if (!piece.startsWith("'")) {
            assertRefused(piece.repeat(50_000));
        }
        assertRefused("{{ " + piece.repeat(50_000));
    }

    @Test
    void blocksInsideEachOtherAsPeopleWriteThemAreFine() {
        assertEquals("x", render("{% if 1 %}".repeat(90) + "x" + "{% endif %}".repeat(90)));
        assertEquals("2", render("{{ " + "(".repeat(90) + "1 + 1" + ")".repeat(90) + " }}"));
        assertEquals("500", render("{{ " + "1 + ".repeat(499) + "1 }}"));
    }

    @Test
    void theTemplateAndItsTextHaveALargestLength() {
        assertEquals(
                "the template has 101 characters, expected at most 100",
                assertThrows(
                                JinjaException.class,
                                () -> JinjaTemplate.of("x".repeat(101), new Limits(100, 1, 1, Duration.ofSeconds(1))))
                        .getMessage());
        assertTrue(String.valueOf(assertThrows(JinjaException.class, () -> render("{{ 'a' * 4194305 }}"))
                        .getMessage())
                .contains("stopped at a text of 4194305 characters, expected at most 4194304"));
    }

    private static void assertRefused(String template) {
        JinjaException e = assertThrows(JinjaException.class, () -> render(template));
        assertEquals(1, String.valueOf(e.getMessage()).lines().count());
    }

    private static String render(String template) {
        return JinjaTemplate.of(template, Limits.DEFAULT).render(Map.of(), Clock.systemUTC());
    }
}
