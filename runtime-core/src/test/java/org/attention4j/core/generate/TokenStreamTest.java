package org.attention4j.core.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.attention4j.core.session.Session;
import org.junit.jupiter.api.Test;

class TokenStreamTest {
    private static final GenerationOptions TEN = GenerationOptions.DEFAULT.withMaxTokens(10);

    private final ScriptedModel model = ScriptedModel.saying(8, 3, 5, 6, 7, 5, 0);
    private final int[] prompt = {1, 2, 3};

    @Test
    void endsBeforeAnEndToken() {
        TokenStream stream = start(model.newSession(100, 512), TEN);
        assertEquals(List.of(5, 6, 7, 5), read(stream));
        assertEnd(stream, StopReason.END_TOKEN, 3, 4, 4);
    }

    @Test
    void endsBeforeAStopToken() {
        TokenStream stream = start(model.newSession(100, 512), TEN.withStopTokens(Set.of(7)));
        assertEquals(List.of(5, 6), read(stream));
        assertEnd(stream, StopReason.END_TOKEN, 3, 2, 2);
    }

    @Test
    void goesOnAfterEndTokensWhereTheyAreIgnored() {
        TokenStream stream =
                start(model.newSession(100, 512), TEN.withIgnoreEndTokens(true).withMaxTokens(6));
        assertEquals(List.of(5, 6, 7, 5, 0, 0), read(stream));
        assertEnd(stream, StopReason.MAX_TOKENS, 3, 6, 5);
    }

    @Test
    void theLastTokenTakesNoStep() {
        Session session = model.newSession(100, 512);
        TokenStream stream = start(session, TEN.withMaxTokens(2));
        assertEquals(List.of(5, 6), read(stream));
        assertEquals(List.of(3, 1), model.runs);
        assertEquals(4, session.position());
    }

    @Test
    void noTokensMeansThePromptAlone() {
        TokenStream stream = start(model.newSession(100, 512), TEN.withMaxTokens(0));
        assertEquals(List.of(), read(stream));
        assertEnd(stream, StopReason.MAX_TOKENS, 3, 0, 0);
    }

    @Test
    void fillsTheContextAndThenEnds() {
        TokenStream stream = start(model.newSession(4, 512), TEN);
        assertEquals(List.of(5, 6), read(stream));
        assertEnd(stream, StopReason.CONTEXT_FULL, 3, 2, 1);
    }

    @Test
    void computesOnlyWhatIsAskedFor() {
        TokenStream stream = start(model.newSession(100, 2), TEN);
        assertEquals(List.of(), model.runs);
        stream.nextInt();
        assertEquals(List.of(2, 1), model.runs);
        stream.nextInt();
        assertEquals(List.of(2, 1, 1), model.runs);
    }

    @Test
    void cancelEndsItBeforeTheNextStep() {
        TokenStream stream = start(model.newSession(100, 512), TEN);
        assertEquals(5, stream.nextInt());
        stream.cancel();
        assertFalse(stream.hasNext());
        assertThrows(NoSuchElementException.class, stream::nextInt);
        assertEnd(stream, StopReason.CANCELLED, 3, 1, 0);
    }

    @Test
    void anInterruptEndsItBetweenChunksOfThePrompt() {
        model.beforeRun = Thread.currentThread()::interrupt;
        Session session = model.newSession(100, 1);
        TokenStream stream = start(session, TEN);
        assertFalse(stream.hasNext());
        assertTrue(Thread.interrupted(), "the flag stays for the caller");
        assertEnd(stream, StopReason.CANCELLED, 1, 0, 0);
        assertEquals(1, session.position());
    }

    @Test
    void theDeadlineEndsItDuringThePrompt() {
        model.beforeRun = TokenStreamTest::pause;
        TokenStream stream = start(model.newSession(100, 2), TEN.withDeadline(Duration.ofMillis(5)));
        assertFalse(stream.hasNext());
        assertEnd(stream, StopReason.DEADLINE, 2, 0, 0);
    }

    @Test
    void theDeadlineEndsItBetweenTokens() {
        TokenStream stream = start(model.newSession(100, 512), TEN.withDeadline(Duration.ofMillis(500)));
        assertEquals(5, stream.nextInt());
        model.beforeRun = () -> pause(Duration.ofMillis(500));
        assertEquals(6, stream.nextInt());
        assertFalse(stream.hasNext());
        assertEnd(stream, StopReason.DEADLINE, 3, 2, 1);
    }

    @Test
    void aDeadlineOfAgesIsNone() {
        TokenStream stream = start(model.newSession(100, 512), TEN.withDeadline(Duration.ofSeconds(Long.MAX_VALUE)));
        assertEquals(4, read(stream).size());
    }

    @Test
    void idsThatTheTokenizerLacksAreNotChosen() {
        TokenStream stream = TokenStream.start(model.newSession(100, 512), prompt, TEN.withMaxTokens(3), Set.of(), 7);
        assertEquals(List.of(5, 6, 0), read(stream), "0 in place of 7: all others are equal");
    }

    @Test
    void thePromptCountsForTheRepetitionPenalty() {
        ScriptedModel two = new ScriptedModel(3, seen -> new float[] {0, 2, 1.5f});
        GenerationOptions options =
                TEN.withMaxTokens(1).withSampling(SamplingOptions.GREEDY.withRepetitionPenalty(2, 8));
        assertEquals(List.of(2), read(TokenStream.start(two.newSession(9, 9), new int[] {1}, options, Set.of(), 3)));
    }

    @Test
    void badPromptsAreErrorsBeforeAnythingRuns() {
        Session session = model.newSession(2, 512);
        assertFails(session, prompt, "prompt: got 3 tokens, but only 2 of the context's 2 are free");
        assertFails(session, new int[0], "prompt: got no tokens, expected at least 1");
        assertFails(session, new int[] {8}, "prompt: got token id 8, expected 0 to 7");
        assertEquals(List.of(), model.runs);
    }

    @Test
    void statisticsNeedAnEnd() {
        TokenStream stream = start(model.newSession(100, 512), TEN);
        assertThrows(IllegalStateException.class, stream::statistics);
    }

    @Test
    void ratesAreTokensPerSecond() {
        var s = new GenerationStatistics(
                100, 11, 10, Duration.ofMillis(500), Duration.ofSeconds(2), StopReason.MAX_TOKENS);
        assertEquals(200, s.prefillTokensPerSecond(), 1e-9);
        assertEquals(5, s.decodeTokensPerSecond(), 1e-9);
    }

    private TokenStream start(Session session, GenerationOptions options) {
        return TokenStream.start(session, prompt, options, Set.of(0), 8);
    }

    private static List<Integer> read(TokenStream stream) {
        List<Integer> tokens = new ArrayList<>();
        stream.forEachRemaining((int t) -> tokens.add(t));
        return tokens;
    }

    private static void assertEnd(TokenStream stream, StopReason reason, int prompt, int generated, int decoded) {
        GenerationStatistics s = stream.statistics();
        assertEquals(reason, s.stopReason());
        assertEquals(prompt, s.promptTokens());
        assertEquals(generated, s.generatedTokens());
        assertEquals(decoded, s.decodedTokens());
    }

    private static void assertFails(Session session, int[] prompt, String message) {
        var e = assertThrows(
                IllegalArgumentException.class, () -> TokenStream.start(session, prompt, TEN, Set.of(), 8));
        assertEquals(message, e.getMessage());
    }

    private static void pause() {
        pause(Duration.ofMillis(6));
    }

    private static void pause(Duration time) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < time.toNanos()) {
            Thread.onSpinWait();
        }
    }
}
