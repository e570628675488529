package org.attention4j.core.session;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.external.ExternalModel;
import org.attention4j.core.external.ImportedDecoder;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.model.GraphOptions;
import org.attention4j.core.model.ModelDefinition;
import org.attention4j.core.state.Storage;

/**
 * A decoder compiled by a backend. Thread-safe: any number of sessions may run at once, each on its own thread. Close the
 * sessions before the model.
 */
public final class CompiledModel implements AutoCloseable {
    private final ModelDefinition definition;
    private final CompiledGraph graph;
    private final Storage storage;
    private final ImmutableList<Integer> candidates;

    private CompiledModel(
            ModelDefinition definition, CompiledGraph graph, Storage storage, ImmutableList<Integer> candidates) {
        this.definition = definition;
        this.graph = graph;
        this.storage = storage;
        this.candidates = candidates;
    }

    /**
     * Compiles a model for single sequences. The caller keeps the backend and closes it after the model.
     *
     * @throws IllegalArgumentException if the model is no decoder
     */
    public static CompiledModel compile(ModelDefinition definition, Backend backend, CompileOptions options) {
        Graph graph = graph(definition, backend);
        CompiledGraph compiled = byImport(definition, backend)
                .<CompiledGraph>map(external -> ImportedDecoder.compile(external, graph, backend, options))
                .orElseGet(() -> backend.compile(graph, options));
        ImmutableList<Integer> candidates = backend.candidates().stream()
                .filter(n -> graph.results().containsKey(ModelDefinition.candidateIds(n)))
                .collect(ImmutableList.toImmutableList());
        return new CompiledModel(definition, compiled, backend.storage(), candidates);
    }

    /**
     * The plan that {@link #compile} would end in, without compiling.
     *
     * @throws IllegalArgumentException if the model is no decoder
     */
    public static Plan plan(ModelDefinition definition, Backend backend, CompileOptions options) {
        return byImport(definition, backend)
                .map(external -> backend.plan(external.imported(), options))
                .orElseGet(() -> backend.plan(graph(definition, backend), options));
    }

    /**
     * The same plan for one more token of a session, with what that asks of the device where the backend tells it, if all logits
     * are wanted.
     *
     * @param contextLength of the session
     * @throws IllegalArgumentException if the model is no decoder
     */
    public static Plan plan(ModelDefinition definition, Backend backend, CompileOptions options, int contextLength) {
        Map<String, Long> sizes = ImmutableMap.of("seq", 1L, "rows", 1L, "context", (long) contextLength);
        return byImport(definition, backend)
                .map(external -> backend.plan(external.imported(), options))
                .orElseGet(
                        () -> backend.plan(graph(definition, GraphOptions.single(backend.storage())), options, sizes));
    }

    /** The model if it is a file that the backend can't run as it is. */
    private static Optional<ExternalModel> byImport(ModelDefinition definition, Backend backend) {
        return definition instanceof ExternalModel external
                        && !backend.runsFiles(external.decoder().format())
                ? Optional.of(external)
                : Optional.empty();
    }

    private static Graph graph(ModelDefinition definition, Backend backend) {
        return graph(definition, GraphOptions.single(backend.storage()).withCandidates(backend.candidates()));
    }

    private static Graph graph(ModelDefinition definition, GraphOptions options) {
        if (definition.kind() != ModelDefinition.Kind.DECODER) {
            throw new IllegalArgumentException("model %s is an encoder, expected a decoder: it tells no next token"
                    .formatted(definition.info().architecture()));
        }
        return definition.graph(options);
    }

    /** The model. */
    public ModelDefinition definition() {
        return definition;
    }

    /** What the backend made of it. */
    public Plan plan() {
        return graph.plan();
    }

    /** How the backend lays out states. */
    public Storage storage() {
        return storage;
    }

    /** The numbers of most probable tokens that {@link Session#decode(int, int, int)} can give, rising; there may be none. */
    public ImmutableList<Integer> candidates() {
        return candidates;
    }

    /** The bytes that a session's states take with room for {@code contextLength} tokens. */
    public long stateBytes(int contextLength) {
        return definition.stateBytes(contextLength, storage);
    }

    /**
     * A session of no tokens yet.
     *
     * @param contextLength tokens for which its states have room; models without a state that keeps them all have no limit
     * @throws IllegalArgumentException if it is not positive
     */
    public Session newSession(int contextLength) {
        if (contextLength < 1) {
            throw new IllegalArgumentException("context length: got %d, expected at least 1".formatted(contextLength));
        }
        return new Session(this, newExecution(contextLength), contextLength, 0);
    }

    /**
     * A session with the state that {@link Session#save} wrote, with whichever backend.
     *
     * @throws IOException if reading fails, or the state is broken or another model's, saying what was expected
     */
    public Session restoreSession(InputStream in, int contextLength) throws IOException {
        Session session = newSession(contextLength);
        try {
            session.restore(in);
            return session;
        } catch (IOException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    Execution newExecution(int contextLength) {
        return graph.newExecution(ImmutableMap.of("context", (long) contextLength));
    }

    @Override
    public void close() {
        graph.close();
    }
}
