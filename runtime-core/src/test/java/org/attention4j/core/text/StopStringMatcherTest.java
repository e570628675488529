package org.attention4j.core.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StopStringMatcherTest {
    @Test
    void withholdsABeginningAndDropsTheStopString() {
        StopStringMatcher matcher = new StopStringMatcher(List.of("</end>"));
        assertEquals("one", matcher.push("one</"));
        assertEquals("", matcher.push("en"));
        assertFalse(matcher.stopped());
        assertEquals("", matcher.push("d> two"));
        assertTrue(matcher.stopped());
        assertEquals(Optional.of("</end>"), matcher.match());
        assertEquals("", matcher.push("three"));
        assertEquals("", matcher.flush());
    }

    @Test
    void passesOnABeginningThatCameToNothing() {
        StopStringMatcher matcher = new StopStringMatcher(List.of("aab"));
        assertEquals("", matcher.push("aa"));
        assertEquals("a", matcher.push("a"));
        assertEquals("aac", matcher.push("c"));
        assertEquals("", matcher.push("aa"));
        assertEquals("aa", matcher.flush());
        assertFalse(matcher.stopped());
    }

    @Test
    void takesTheStopStringThatIsCompleteFirstAndOfTwoTheLonger() {
        StopStringMatcher inner = new StopStringMatcher(List.of("abcd", "c"));
        assertEquals("ab", inner.push("abcd"));
        assertEquals(Optional.of("c"), inner.match());

        StopStringMatcher suffix = new StopStringMatcher(List.of("b", "ab"));
        assertEquals("x", suffix.push("xab"));
        assertEquals(Optional.of("ab"), suffix.match());
    }

    @Test
    void withoutStopStringsEverythingPasses() {
        StopStringMatcher matcher = new StopStringMatcher(List.of());
        assertEquals("text", matcher.push("text"));
        assertEquals("", matcher.flush());
    }

    @Test
    void anEmptyStopStringIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new StopStringMatcher(List.of("a", "")));
    }

    @Test
    void whatPassesDoesNotDependOnThePieces() {
        Random random = new Random(3);
        List<String> stops = List.of("aba", "bb", "cab");
        for (int round = 0; round < 3000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                text.append((char) ('a' + random.nextInt(3)));
            }
            StopStringMatcher matcher = new StopStringMatcher(stops);
            StringBuilder passed = new StringBuilder();
            for (int start = 0; start < text.length(); ) {
                int end = Math.min(text.length(), start + 1 + random.nextInt(3));
                passed.append(matcher.push(text.substring(start, end)));
                start = end;
            }
            passed.append(matcher.flush());
            assertEquals(beforeFirstStop(text.toString(), stops), passed.toString(), text.toString());
        }
    }

    private static String beforeFirstStop(String text, List<String> stops) {
        for (int end = 1; end <= text.length(); end++) {
            String head = text.substring(0, end);
            int start = stops.stream()
                    .filter(head::endsWith)
                    .mapToInt(stop -> head.length() - stop.length())
                    .min()
                    .orElse(-1);
            if (start >= 0) {
                return text.substring(0, start);
            }
        }
        return text;
    }
}
