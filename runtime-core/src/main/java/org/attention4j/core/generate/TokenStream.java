package org.attention4j.core.generate;

import com.google.common.collect.ImmutableSet;
import java.time.Duration;
import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PrimitiveIterator;
import java.util.Set;
import org.attention4j.core.session.Session;
import org.attention4j.core.session.TopLogits;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * The tokens that a session generates after a prompt, computed when they are asked for. Not thread-safe, but {@link #cancel}
 * may be called from anywhere.
 *
 * <p>The session is the caller's. After a stream's end it has seen the prompt and the generated tokens but the last one, so
 * that a further prompt for the same session begins with this. A stream that ended during the prompt has left it at {@link
 * Session#position()}.
 */
public final class TokenStream implements PrimitiveIterator.OfInt {
    private static final Tensor NO_LOGITS = Tensor.zeros(DType.F32, Shape.of(0));

    private final Session session;
    private final int[] prompt;
    private final int maxTokens;
    private final Set<Integer> ends;
    private final int vocabSize;
    private final Sampler sampler;
    /** How many of the largest logits the session gives in place of all. */
    private final OptionalInt candidates;

    private final long start = System.nanoTime();
    private final long deadline;
    private Tensor logits = NO_LOGITS;
    private int prefilled;
    private int generated;
    private int decoded;
    private long prefillNanos;
    private long decodeNanos;
    private OptionalInt next = OptionalInt.empty();
    private int last;
    private Optional<StopReason> stopReason = Optional.empty();
    private volatile boolean cancelled;

    private TokenStream(Session session, int[] prompt, GenerationOptions options, Set<Integer> ends, int vocabSize) {
        this.session = session;
        this.prompt = prompt;
        this.maxTokens = options.maxTokens();
        this.ends = ends;
        this.vocabSize = vocabSize;
        this.sampler = new Sampler(options.sampling(), vocabSize);
        this.candidates = session.model().candidates().stream()
                .mapToInt(Integer::intValue)
                .filter(n -> n >= sampler.enough().orElse(Integer.MAX_VALUE))
                .findFirst();
        this.deadline = options.deadline().map(TokenStream::nanos).orElse(Long.MAX_VALUE);
    }

    /**
     * A stream that has not computed anything yet. Stop strings are not looked at: they need text.
     *
     * @param prompt at least one token, in addition to what the session has seen
     * @param endTokens the tokens that end a text, unless the options ignore them
     * @param vocabSize ids from this on are never chosen: a model may have more than its tokenizer
     * @throws IllegalArgumentException if the prompt is empty, has an id outside the vocabulary or is longer than the room that
     *     the session has left
     */
    public static TokenStream start(
            Session session, int[] prompt, GenerationOptions options, Set<Integer> endTokens, int vocabSize) {
        int modelVocabSize = session.model().definition().info().vocabSize();
        if (prompt.length == 0) {
            throw new IllegalArgumentException("prompt: got no tokens, expected at least 1");
        }
        if (prompt.length > session.remaining()) {
            throw new IllegalArgumentException("prompt: got %d tokens, but only %d of the context's %d are free"
                    .formatted(prompt.length, session.remaining(), session.contextLength()));
        }
        for (int token : prompt) {
            if (token < 0 || token >= modelVocabSize) {
                throw new IllegalArgumentException(
                        "prompt: got token id %d, expected 0 to %d".formatted(token, modelVocabSize - 1));
            }
        }
        ImmutableSet.Builder<Integer> ends = ImmutableSet.builder();
        ends.addAll(options.stopTokens());
        if (!options.ignoreEndTokens()) {
            ends.addAll(endTokens);
        }
        return new TokenStream(session, prompt.clone(), options, ends.build(), Math.min(vocabSize, modelVocabSize));
    }

    private static long nanos(Duration d) {
        return d.compareTo(Duration.ofNanos(Long.MAX_VALUE)) < 0 ? d.toNanos() : Long.MAX_VALUE;
    }

    /** Ends the stream before its next step: its reader finds no further token. Callable from any thread. */
    public void cancel() {
        cancelled = true;
    }

    /** Computes the next token, if there is one. */
    @Override
    public boolean hasNext() {
        if (next.isEmpty() && stopReason.isEmpty()) {
            stopReason = advance();
        }
        return next.isPresent();
    }

    @Override
    public int nextInt() {
        if (!hasNext()) {
            throw new NoSuchElementException("the generation has ended: " + stopReason);
        }
        last = next.getAsInt();
        next = OptionalInt.empty();
        return last;
    }

    /** Ends the stream, whose text or reader needs no more tokens, unless it has ended by itself. */
    void end(StopReason reason) {
        if (stopReason.isEmpty()) {
            stopReason = Optional.of(reason);
        }
        next = OptionalInt.empty();
    }

    /** Why the stream ended; empty while it goes on. */
    public Optional<StopReason> stopReason() {
        return stopReason;
    }

    /**
     * What was done.
     *
     * @throws IllegalStateException if the stream has not ended
     */
    public GenerationStatistics statistics() {
        return new GenerationStatistics(
                prefilled,
                generated,
                decoded,
                Duration.ofNanos(prefillNanos),
                Duration.ofNanos(decodeNanos),
                stopReason.orElseThrow(() -> new IllegalStateException("the generation goes on")));
    }

    private Optional<StopReason> advance() {
        Optional<StopReason> stop = prefilled < prompt.length ? prefill() : Optional.empty();
        if (stop.isPresent()) {
            return stop;
        }
        if (generated >= maxTokens) {
            return Optional.of(StopReason.MAX_TOKENS);
        }
        return generated == 0 ? choose() : decode();
    }

    private Optional<StopReason> prefill() {
        int chunk = session.model().storage().prefillChunk();
        while (prefilled < prompt.length) {
            Optional<StopReason> stop = interrupted();
            if (stop.isPresent()) {
                return stop;
            }
            int n = Math.min(chunk, prompt.length - prefilled);
            long before = System.nanoTime();
            logits = session.prefill(Arrays.copyOfRange(prompt, prefilled, prefilled + n));
            prefillNanos += System.nanoTime() - before;
            for (int i = prefilled; i < prefilled + n; i++) {
                sampler.accept(prompt[i]);
            }
            prefilled += n;
        }
        return Optional.empty();
    }

    private Optional<StopReason> decode() {
        Optional<StopReason> stop = interrupted();
        if (stop.isPresent()) {
            return stop;
        }
        if (session.remaining() == 0) {
            return Optional.of(StopReason.CONTEXT_FULL);
        }
        long before = System.nanoTime();
        Optional<StopReason> end;
        OptionalInt count = candidates;
        if (count.isPresent()) {
            TopLogits top = session.decode(last, count.getAsInt(), vocabSize);
            end = take(sampler.sample(top, vocabSize));
        } else {
            logits = session.decode(last);
            end = choose();
        }
        decoded++;
        decodeNanos += System.nanoTime() - before;
        return end;
    }

    private Optional<StopReason> choose() {
        Tensor known = logits.shape().elements() == vocabSize
                ? logits
                : Tensor.of(logits.dtype(), Shape.of(vocabSize), logits.data().asSlice(0, 4L * vocabSize));
        return take(sampler.sample(known));
    }

    private Optional<StopReason> take(int token) {
        if (ends.contains(token)) {
            return Optional.of(StopReason.END_TOKEN);
        }
        sampler.accept(token);
        generated++;
        next = OptionalInt.of(token);
        return Optional.empty();
    }

    private Optional<StopReason> interrupted() {
        if (cancelled || Thread.currentThread().isInterrupted()) {
            return Optional.of(StopReason.CANCELLED);
        }
        return System.nanoTime() - start >= deadline ? Optional.of(StopReason.DEADLINE) : Optional.empty();
    }
}
