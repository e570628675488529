package org.attention4j.onnx;

import static java.util.Objects.requireNonNull;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.backend.GraphInputs;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.custom.CustomOps;
import org.attention4j.onnx.custom.CustomWeights;
import org.attention4j.onnx.emit.OnnxRewrite;
import org.attention4j.onnx.emit.StateUse;
import org.attention4j.onnx.proto.TensorProto;

/** A graph in a session of ONNX Runtime, which any number of executions share. */
final class OnnxGraph implements CompiledGraph {
    private final Graph graph;
    private final Plan plan;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final SeldomRead seldomRead;
    private final CustomWeights customWeights;
    private final ImmutableSet<String> inPlaceStates;
    private final Optional<CachePrefix> cachePrefix;
    private final ImmutableSet<OnnxRewrite.Limit> limits;
    private boolean closed;

    private OnnxGraph(
            Graph graph,
            Emission emission,
            OrtEnvironment environment,
            OrtSession session,
            SeldomRead seldomRead,
            CustomWeights customWeights) {
        StateUse states = emission.model().states();
        this.graph = graph;
        this.plan = emission.plan();
        this.environment = environment;
        this.session = session;
        this.seldomRead = seldomRead;
        this.customWeights = customWeights;
        this.inPlaceStates = states.inPlace();
        this.cachePrefix = CachePrefix.of(graph, states);
        this.limits = ImmutableSet.copyOf(emission.limits());
    }

    /**
     * Makes the session.
     *
     * @param model the model's file
     * @param seldomRead those weights of which a run reads little
     * @param customWeights weights that its nodes know by number; the graph closes them
     * @param emission how {@code graph} became the model
     */
    static OnnxGraph load(
            OrtEnvironment environment,
            Path model,
            List<TensorProto> seldomRead,
            CustomWeights customWeights,
            Graph graph,
            Emission emission,
            OnnxOptions options)
            throws IOException {
        try (OrtSession.SessionOptions sessionOptions = options.sessionOptions()) {
            if (emission.usesGeneratedCode()) {
                CustomOps.addTo(sessionOptions);
            }
            SeldomRead weights = new SeldomRead(environment, model, seldomRead);
            try {
                OrtSession session = weights.newSession(environment, model, sessionOptions);
                return new OnnxGraph(graph, emission, environment, session, weights, customWeights);
            } catch (OrtException e) {
                weights.close();
                throw e;
            }
        } catch (OrtException e) {
            throw new BackendException(
                    "graph %s: ONNX Runtime refuses its model: %s".formatted(graph.name(), firstLine(e)), e);
        }
    }

    @Override
    public Graph graph() {
        return graph;
    }

    @Override
    public Plan plan() {
        return plan;
    }

    OrtSession session() {
        return session;
    }

    /** Says that a run took at most this many rows of each table. */
    void readRows(long rows) {
        seldomRead.read(rows);
    }

    OrtEnvironment environment() {
        return environment;
    }

    /** The caches of which a run sees only the beginning, if there are such. */
    Optional<CachePrefix> cachePrefix() {
        return cachePrefix;
    }

    /** Whether the memory of a state's input may also be that of its result. */
    boolean isUpdatedInPlace(String input) {
        return inPlaceStates.contains(input);
    }

    /**
     * Checks what the lowerings and ONNX Runtime need of a run's sizes.
     *
     * @throws BackendException if one is too small or too large
     */
    void requireLimits(Map<String, Long> symbols) {
        for (OnnxRewrite.Limit limit : limits) {
            long size = limit.size().evaluate(symbols);
            long least = limit.least().evaluate(symbols);
            long most = limit.most().evaluate(symbols);
            if (size < least || size > most) {
                throw new BackendException("graph %s: %s is %d, expected at %s %d: %s"
                        .formatted(
                                graph.name(),
                                limit.size(),
                                size,
                                size < least ? "least" : "most",
                                size < least ? least : most,
                                limit.reason()));
            }
        }
    }

    @Override
    public Execution newExecution(Map<String, Long> sizes) {
        return new OnnxExecution(this, sizes);
    }

    @Override
    public ImmutableMap<String, Tensor> run(Map<String, Tensor> inputs) {
        Map<String, Long> symbols = GraphInputs.bind(graph, graph.inputs(), inputs, Map.of());
        requireLimits(symbols);
        try (Bindings bindings = new Bindings(this)) {
            for (Value v : graph.inputs()) {
                Tensor given = requireNonNull(inputs.get(v.id()));
                bindings.input(v.id(), v.type().dtype(), given.shape()).fill(given);
            }
            graph.states().forEach((input, result) -> {
                if (isUpdatedInPlace(input)) {
                    bindings.shareWithResult(input, result);
                }
            });
            graph.results().forEach((name, v) -> {
                if (!bindings.hasResult(name)) {
                    bindings.result(name, v.type().dtype(), v.type().shape(symbols));
                }
            });
            bindings.run();
            ImmutableMap.Builder<String, Tensor> out = ImmutableMap.builder();
            graph.results()
                    .keySet()
                    .forEach(name -> out.put(name, bindings.resultOf(name).copy()));
            return out.buildOrThrow();
        }
    }

    BackendException failure(OrtException e) {
        return new BackendException("graph %s: ONNX Runtime failed: %s".formatted(graph.name(), firstLine(e)), e);
    }

    private static String firstLine(OrtException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("no message");
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            session.close();
        } catch (OrtException e) {
            throw failure(e);
        } finally {
            seldomRead.close();
            customWeights.close();
        }
    }
}
