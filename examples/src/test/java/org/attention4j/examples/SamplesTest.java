package org.attention4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SamplesTest {
    @Test
    void namesAreWordsAndUnique() {
        List<String> names = Samples.all().stream().map(Sample::name).toList();
        assertTrue(names.size() >= 17, names::toString);
        assertEquals(names.size(), new HashSet<>(names).size());
        assertTrue(names.stream().allMatch(n -> n.matches("[a-z][a-z0-9_]{0,14}")), names::toString);
        assertEquals(names.stream().sorted().toList(), names);
    }

    @Test
    void descriptionsAreOneLine() {
        for (Sample sample : Samples.all()) {
            assertTrue(sample.description().matches("[^\\n]{10,100}[^.\\n]"), sample.description());
        }
    }

    @Test
    void anUnknownNameIsAnErrorThatListsThem() {
        assertRefused("example: there is no window_cleaner, expected one of chat, custom_mixer, ", () -> {
            Samples.find("window_cleaner");
        });
    }

    @Test
    void optionsHaveValuesAndOtherWordsFollow() {
        Arguments arguments = Arguments.parse(Samples.find("stream"), "--tokens", "7", "Once", "upon");
        assertEquals(ImmutableMap.of("tokens", "7"), arguments.options());
        assertEquals(Optional.of("Once upon"), arguments.text());
        assertEquals(7, arguments.number("tokens", 100));
        assertEquals(100, arguments.number("others", 100));
        assertEquals(List.of("a", "b"), arguments.list("models", "a, b,"));
    }

    @Test
    void wrongArgumentsAreErrorsOfOneLine() {
        Sample mha = Samples.find("mha");
        String expected = ", expected [--count QUESTIONS] [--depth TOKENS] [--backend NAME]";
        assertRefused("example mha: got --tokens" + expected, () -> Arguments.parse(mha, "--tokens", "7"));
        assertRefused("example mha: got --count" + expected, () -> Arguments.parse(mha, "--count"));
        assertRefused("example mha: got seven" + expected, () -> Arguments.parse(mha, "seven"));
        assertRefused(
                "--count: got none, expected a number from 1 on", () -> SampleRun.lines("mha", "--count", "none"));
        assertRefused("--count: got 201, expected 1 to 200", () -> SampleRun.lines("mha", "--count", "201"));
    }

    private static void assertRefused(String beginning, Executable call) {
        String message = String.valueOf(
                assertThrows(IllegalArgumentException.class, call).getMessage());
        assertTrue(message.startsWith(beginning), message);
        assertEquals(1, message.lines().count());
    }
}
