package org.attention4j.core.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.attention4j.core.session.Session;
import org.attention4j.core.text.EncodeOptions;
import org.junit.jupiter.api.Test;

class TextStreamTest {
    private final ByteTokenizer tokenizer = new ByteTokenizer();

    @Test
    void aCharacterIsNeverSplit() {
        try (TextStream stream = saying("a€b\0", GenerationOptions.DEFAULT)) {
            List<String> texts = stream.stream().map(TextChunk::text).toList();
            assertEquals(List.of("a", "", "", "€", "b"), texts);
            assertEquals(StopReason.END_TOKEN, stream.statistics().stopReason());
        }
    }

    @Test
    void aCharacterThatIsNeverCompleteIsReplacedInALastChunk() {
        try (TextStream stream = saying("€", GenerationOptions.DEFAULT.withMaxTokens(2))) {
            List<TextChunk> chunks = stream.stream().toList();
            assertEquals(
                    List.of(
                            new TextChunk(OptionalInt.of(0xe2), ""),
                            new TextChunk(OptionalInt.of(0x82), ""),
                            new TextChunk(OptionalInt.empty(), "\ufffd")),
                    chunks);
        }
    }

    @Test
    void aStopStringEndsTheTextBeforeIt() {
        try (TextStream stream = saying("one. two##!\0", GenerationOptions.DEFAULT.withStopStrings("###", "##!"))) {
            GenerationResult result = stream.readAll();
            assertEquals("one. two", result.text());
            assertEquals(11, result.tokens().size(), "the tokens that spell the stop string are told");
            assertEquals(StopReason.STOP_STRING, result.statistics().stopReason());
        }
    }

    @Test
    void noPartOfAStopStringIsPassedOn() {
        try (TextStream stream = saying("a#b##\0", GenerationOptions.DEFAULT.withStopStrings("##"))) {
            assertEquals(
                    List.of("a", "", "#b", "", ""),
                    stream.stream().map(TextChunk::text).toList());
        }
    }

    @Test
    void whatWasWithheldComesAtTheEnd() {
        try (TextStream stream = saying("ab#\0", GenerationOptions.DEFAULT.withStopStrings("##"))) {
            assertEquals(
                    List.of("a", "b", "", "#"),
                    stream.stream().map(TextChunk::text).toList());
        }
    }

    @Test
    void closingTheStreamCancels() {
        ScriptedModel model = model("abcdef\0");
        AtomicInteger closed = new AtomicInteger();
        TextStream text = start(model, GenerationOptions.DEFAULT).onClose(closed::incrementAndGet);
        try (Stream<TextChunk> stream = text.stream()) {
            Iterator<TextChunk> it = stream.iterator();
            it.next();
            it.next();
        }
        text.close();
        assertFalse(text.hasNext());
        assertEquals(1, closed.get());
        assertEquals(StopReason.CANCELLED, text.statistics().stopReason());
        assertEquals(2, text.statistics().generatedTokens());
    }

    @Test
    void aShortCircuitedStreamComputesNoMore() {
        ScriptedModel model = model("abcdef\0");
        try (Stream<TextChunk> stream = start(model, GenerationOptions.DEFAULT).stream()) {
            assertEquals("ab", stream.limit(2).map(TextChunk::text).reduce("", String::concat));
        }
        assertEquals(List.of(6, 1), model.runs);
    }

    @Test
    void anotherThreadCanCancel() throws InterruptedException {
        ScriptedModel endless = model("a");
        TextStream stream = start(endless, GenerationOptions.DEFAULT.withMaxTokens(Integer.MAX_VALUE));
        List<String> seen = new ArrayList<>();
        Thread reader = Thread.ofPlatform().start(() -> stream.forEachRemaining(c -> seen.add(c.text())));
        stream.cancel();
        reader.join();
        assertEquals(StopReason.CANCELLED, stream.statistics().stopReason());
        assertEquals(stream.statistics().generatedTokens(), seen.size());
    }

    @Test
    void aSessionCanGoOn() {
        ScriptedModel model = new ScriptedModel(256, seen -> {
            float[] logits = new float[256];
            logits[(seen.getLast() + 1) % 256] = 1;
            return logits;
        });
        GenerationOptions three = GenerationOptions.DEFAULT.withMaxTokens(3);
        try (Session session = model.newSession(100, 512)) {
            assertEquals(
                    "bcd",
                    TextStream.start(session, tokenizer, "a", three).readAll().text());
            assertEquals(
                    "yz{",
                    TextStream.start(session, tokenizer, "dx", three).readAll().text());
            assertEquals(7, session.position());
        }
    }

    private TextStream saying(String continuation, GenerationOptions options) {
        return start(model(continuation), options);
    }

    private TextStream start(ScriptedModel model, GenerationOptions options) {
        return TextStream.start(model.newSession(1_000_000, 512), tokenizer, "Prompt", options);
    }

    private ScriptedModel model(String continuation) {
        return ScriptedModel.saying(256, 6, tokenizer.encode(continuation, EncodeOptions.TEXT));
    }
}
