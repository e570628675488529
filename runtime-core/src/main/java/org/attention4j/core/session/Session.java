package org.attention4j.core.session;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * One sequence of tokens going through a model, and what the model remembers of it. Not thread-safe: one thread at a time.
 *
 * <p>Logits that a method returns lie in memory of the session and hold until its next step.
 */
public final class Session implements AutoCloseable {
    private static final Tensor FIRST_ROW = Tensor.i64(Shape.of(1), 0);
    private static final ImmutableSet<String> LOGITS_ONLY = ImmutableSet.of(ModelDefinition.LOGITS);

    private final CompiledModel model;
    private final Execution execution;
    private final int contextLength;
    private final Tensor positionInput = Tensor.zeros(DType.I64, Shape.of(1));
    private final Tensor limitInput = Tensor.zeros(DType.I64, Shape.of(1));
    private final ImmutableMap<String, Tensor> decodeInputs;
    private int position;

    Session(CompiledModel model, Execution execution, int contextLength, int position) {
        this.model = model;
        this.execution = execution;
        this.contextLength = contextLength;
        this.position = position;
        this.decodeInputs = inputs(Tensor.zeros(DType.I64, Shape.of(1, 1)), FIRST_ROW);
    }

    /** The model that this is a session of. */
    public CompiledModel model() {
        return model;
    }

    /** How many tokens have been seen. */
    public int position() {
        return position;
    }

    /** How many tokens the states have room for. */
    public int contextLength() {
        return contextLength;
    }

    /** How many more tokens can be given: for models that don't keep them all, as many as an {@code int} counts. */
    public int remaining() {
        return (model.definition().isContextBounded() ? contextLength : Integer.MAX_VALUE) - position;
    }

    /** The bytes of the states, which have room for {@link #contextLength} tokens. */
    public long stateBytes() {
        return model.stateBytes(contextLength);
    }

    /**
     * The bytes of what the states hold so far, which {@link #save} writes behind a header: of a cache the tokens that it keeps,
     * without free slots; of a recurrence all of it, whatever it has seen.
     */
    public long rememberedBytes() {
        return states().savedBytes(position);
    }

    /**
     * Gives one token.
     *
     * @return {@code F32[vocabSize]}: logits of the next one
     * @throws IllegalArgumentException if the id is outside the vocabulary or the context is full
     */
    public Tensor decode(int token) {
        setToken(token);
        return step(decodeInputs, 1).reshape(Shape.of(vocabSize()));
    }

    /**
     * Gives one token and takes only the largest logits of the next one: a backend with memory of its own need not send all.
     *
     * @param count how many, one of the model's {@link CompiledModel#candidates}: all there are if the vocabulary is smaller
     * @param limit ids from this on are left out, as if their logits were {@code -Infinity}
     * @throws IllegalArgumentException if the id is outside the vocabulary, the context is full or the count is another one
     */
    public TopLogits decode(int token, int count, int limit) {
        if (!model.candidates().contains(count)) {
            throw new IllegalArgumentException(
                    "count: got %d, expected one of %s".formatted(count, model.candidates()));
        }
        setToken(token);
        limitInput.setLong(0, limit);
        String logits = ModelDefinition.candidateLogits(count);
        String ids = ModelDefinition.candidateIds(count);
        Map<String, Tensor> results = run(decodeInputs, 1, ImmutableSet.of(logits, ids));
        Shape shape = Shape.of(Math.min(count, vocabSize()));
        return new TopLogits(
                result(results, logits).reshape(shape), result(results, ids).reshape(shape));
    }

    private void setToken(int token) {
        requireRoom(1);
        requireId(token);
        Tensor tokens = requireNonNull(decodeInputs.get(ModelDefinition.TOKENS));
        tokens.setLong(0, token);
    }

    /**
     * Gives one or more tokens, in chunks as long as the backend likes them.
     *
     * @return {@code F32[vocabSize]}: logits of the next one
     * @throws IllegalArgumentException if there is none, an id is outside the vocabulary, or there is no room for all; nothing
     *     has happened then
     */
    public Tensor prefill(int... tokens) {
        requireTokens(tokens);
        int chunk = model.storage().prefillChunk();
        Tensor logits = FIRST_ROW;
        for (int start = 0; start < tokens.length; start += chunk) {
            int n = Math.min(chunk, tokens.length - start);
            logits = n == 1
                    ? decode(tokens[start])
                    : step(chunkInputs(tokens, start, n, Tensor.i64(Shape.of(1), n - 1)), n);
        }
        return logits.reshape(Shape.of(vocabSize()));
    }

    /**
     * Gives one or more tokens and keeps the logits after each of them.
     *
     * @return {@code F32[tokens, vocabSize]}, which the caller may keep
     * @throws IllegalArgumentException as {@link #prefill}
     */
    public Tensor score(int... tokens) {
        requireTokens(tokens);
        Tensor all = Tensor.zeros(DType.F32, Shape.of(tokens.length, vocabSize()));
        int chunk = model.storage().prefillChunk();
        long offset = 0;
        for (int start = 0; start < tokens.length; start += chunk) {
            int n = Math.min(chunk, tokens.length - start);
            Tensor logits = step(chunkInputs(tokens, start, n, allRows(n)), n);
            all.data().asSlice(offset).copyFrom(logits.data());
            offset += logits.data().byteSize();
        }
        return all;
    }

    /**
     * Forgets the tokens after the first {@code length}.
     *
     * @return false, and nothing has changed, if the states can't be taken back that far: start again and prefill
     * @throws IllegalArgumentException if {@code length} is negative or more than {@link #position()}
     */
    public boolean truncate(int length) {
        if (length < 0 || length > position) {
            throw new IllegalArgumentException("truncate: got %d, expected 0 to %d".formatted(length, position));
        }
        SessionStates states = states();
        if (length < position && !states.truncate(position, length)) {
            return false;
        }
        position = length;
        return true;
    }

    /** A session that has seen the same tokens and goes its own way from here. */
    public Session fork() {
        Execution copy = model.newExecution(contextLength);
        Session session = new Session(model, copy, contextLength, position);
        states().copyTo(copy);
        return session;
    }

    /** Writes what has been remembered, for {@link CompiledModel#restoreSession}. The stream stays open. */
    public void save(OutputStream out) throws IOException {
        StateFile.write(out, model.definition(), states(), position);
    }

    void restore(InputStream in) throws IOException {
        position = StateFile.read(in, model.definition(), states(), remaining());
    }

    private SessionStates states() {
        return new SessionStates(model.definition(), model.storage(), execution, contextLength);
    }

    private Tensor step(ImmutableMap<String, Tensor> inputs, int tokens) {
        return result(run(inputs, tokens, LOGITS_ONLY), ModelDefinition.LOGITS);
    }

    private Map<String, Tensor> run(ImmutableMap<String, Tensor> inputs, int tokens, ImmutableSet<String> wanted) {
        positionInput.setLong(0, position);
        Map<String, Tensor> results = execution.run(inputs, wanted);
        position += tokens;
        return results;
    }

    private static Tensor result(Map<String, Tensor> results, String name) {
        Tensor result = results.get(name);
        if (result == null) {
            throw new IllegalStateException("the backend gave no " + name);
        }
        return result;
    }

    private ImmutableMap<String, Tensor> inputs(Tensor tokens, Tensor rows) {
        ImmutableMap.Builder<String, Tensor> inputs = ImmutableMap.builder();
        inputs.put(ModelDefinition.TOKENS, tokens);
        inputs.put(ModelDefinition.POSITION, positionInput);
        inputs.put(ModelDefinition.ROWS, rows);
        if (!model.candidates().isEmpty()) {
            inputs.put(ModelDefinition.CANDIDATE_LIMIT, limitInput);
        }
        return inputs.buildOrThrow();
    }

    private ImmutableMap<String, Tensor> chunkInputs(int[] tokens, int start, int n, Tensor rows) {
        Tensor chunk = Tensor.zeros(DType.I64, Shape.of(1, n));
        for (int i = 0; i < n; i++) {
            chunk.setLong(i, tokens[start + i]);
        }
        return inputs(chunk, rows);
    }

    private static Tensor allRows(int n) {
        Tensor rows = Tensor.zeros(DType.I64, Shape.of(n));
        for (int i = 0; i < n; i++) {
            rows.setLong(i, i);
        }
        return rows;
    }

    private int vocabSize() {
        return model.definition().info().vocabSize();
    }

    private void requireTokens(int[] tokens) {
        if (tokens.length == 0) {
            throw new IllegalArgumentException("prefill: got no tokens, expected at least 1");
        }
        requireRoom(tokens.length);
        for (int token : tokens) {
            requireId(token);
        }
    }

    private void requireRoom(int tokens) {
        if (tokens > remaining()) {
            throw new IllegalArgumentException(
                    "context: got %d tokens, but only %d of %d are free".formatted(tokens, remaining(), contextLength));
        }
    }

    private void requireId(int token) {
        if (token < 0 || token >= vocabSize()) {
            throw new IllegalArgumentException("token id: got %d, expected 0 to %d".formatted(token, vocabSize() - 1));
        }
    }

    @Override
    public void close() {
        execution.close();
    }
}
