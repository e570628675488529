package org.attention4j.benchmarks;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.tensor.Tensor;

/** A graph compiled for a backend, with its states and the inputs that each run gets. The graph has one free result, {@code y}. */
final class CompiledStep implements AutoCloseable {
    private final Backend backend;
    private final CompiledGraph compiled;
    private final Execution execution;
    private final ImmutableMap<String, Tensor> inputs;

    CompiledStep(String backend, int threads, Graph graph, CompileOptions options, Map<String, Tensor> inputs) {
        this.backend = Backends.create(backend, BackendOptions.DEFAULT.withThreads(threads));
        this.compiled = this.backend.compile(graph, options);
        this.execution = compiled.newExecution(Map.of());
        this.inputs = ImmutableMap.copyOf(inputs);
    }

    void writeState(String name, Tensor value) {
        execution.writeState(name, value);
    }

    /** The result of one run; its memory holds until the next one. */
    Tensor run() {
        return requireNonNull(execution.run(inputs).get("y"));
    }

    @Override
    public void close() {
        execution.close();
        compiled.close();
        backend.close();
    }
}
