package org.attention4j.core.generate;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.attention4j.core.session.Session;
import org.attention4j.core.text.EncodeOptions;
import org.attention4j.core.text.StopStringMatcher;
import org.attention4j.core.text.StreamingDecoder;
import org.attention4j.core.text.Tokenizer;

/**
 * The text that a session generates after a prompt, computed when it is asked for: one chunk for each token, and a last one
 * for text that was withheld. A character is never split, and no part of a stop string appears. Not thread-safe, but {@link
 * #cancel} may be called from anywhere. What {@link TokenStream} says of the session holds here.
 */
public final class TextStream implements Iterator<TextChunk>, AutoCloseable {
    private final TokenStream tokens;
    private final StreamingDecoder decoder;
    private final StopStringMatcher stops;
    private final Runnable onClose;
    private Optional<TextChunk> next = Optional.empty();
    private boolean ended;
    private boolean closed;

    private TextStream(TokenStream tokens, StreamingDecoder decoder, StopStringMatcher stops, Runnable onClose) {
        this.tokens = tokens;
        this.decoder = decoder;
        this.stops = stops;
        this.onClose = onClose;
    }

    /**
     * A stream that has not computed anything yet.
     *
     * @param prompt text; the tokens that the model expects around a text are added if the session is new
     * @throws IllegalArgumentException as {@link TokenStream#start}
     */
    public static TextStream start(Session session, Tokenizer tokenizer, String prompt, GenerationOptions options) {
        EncodeOptions encode = session.position() == 0 ? EncodeOptions.PROMPT : EncodeOptions.TEXT;
        return start(session, tokenizer, tokenizer.encode(prompt, encode), options);
    }

    /**
     * A stream that has not computed anything yet.
     *
     * @param prompt at least one token
     * @throws IllegalArgumentException as {@link TokenStream#start}
     */
    public static TextStream start(Session session, Tokenizer tokenizer, int[] prompt, GenerationOptions options) {
        TokenStream tokens = TokenStream.start(session, prompt, options, tokenizer.endIds(), tokenizer.vocabSize());
        return new TextStream(
                tokens, tokenizer.newDecoderAfter(prompt), new StopStringMatcher(options.stopStrings()), () -> {});
    }

    /** The same stream, which on closing also does this; it takes the place of this object. */
    public TextStream onClose(Runnable action) {
        return new TextStream(tokens, decoder, stops, () -> {
            onClose.run();
            action.run();
        });
    }

    /** Ends the stream before its next step. Callable from any thread; the stream still has to be closed by its reader. */
    public void cancel() {
        tokens.cancel();
    }

    /** Computes the next chunk, if there is one. */
    @Override
    public boolean hasNext() {
        if (next.isEmpty() && !ended) {
            if (tokens.hasNext()) {
                int token = tokens.nextInt();
                String text = stops.push(decoder.push(token));
                if (stops.stopped()) {
                    tokens.end(StopReason.STOP_STRING);
                }
                next = Optional.of(new TextChunk(OptionalInt.of(token), text));
            } else {
                ended = true;
                next = rest().map(text -> new TextChunk(OptionalInt.empty(), text));
            }
        }
        return next.isPresent();
    }

    private Optional<String> rest() {
        String rest = stops.push(decoder.flush()) + stops.flush();
        return rest.isEmpty() ? Optional.empty() : Optional.of(rest);
    }

    @Override
    public TextChunk next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the generation has ended: " + tokens.stopReason());
        }
        TextChunk chunk = next.orElseThrow();
        next = Optional.empty();
        return chunk;
    }

    /** The chunks as a stream, computed as they are consumed. Closing it closes this. */
    public Stream<TextChunk> stream() {
        int order = Spliterator.ORDERED | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(this, order), false)
                .onClose(this::close);
    }

    /** Generates to the end and returns what has not been read yet. */
    public GenerationResult readAll() {
        StringBuilder text = new StringBuilder();
        List<Integer> ids = new ArrayList<>();
        forEachRemaining(chunk -> {
            text.append(chunk.text());
            chunk.token().ifPresent(ids::add);
        });
        return new GenerationResult(text.toString(), ids, statistics());
    }

    /** Why the stream ended; empty while it goes on. */
    public Optional<StopReason> stopReason() {
        return tokens.stopReason();
    }

    /**
     * What was done.
     *
     * @throws IllegalStateException if the stream has not ended
     */
    public GenerationStatistics statistics() {
        return tokens.statistics();
    }

    /** Ends the stream if it goes on, as cancelled. The session stays open. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            ended = true;
            next = Optional.empty();
            tokens.end(StopReason.CANCELLED);
            onClose.run();
        }
    }
}
