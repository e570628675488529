package org.attention4j.cli.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Device;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.state.Storage;

/** Another backend, of which each graph that it compiles must have the plan that it told without compiling. */
record PlanCheckingBackend(Backend backend) implements Backend {
    @Override
    public String name() {
        return backend.name();
    }

    @Override
    public Device device() {
        return backend.device();
    }

    @Override
    public Storage storage() {
        return backend.storage();
    }

    @Override
    public CompiledGraph compile(Graph graph, CompileOptions options) {
        Plan planned = backend.plan(graph, options);
        CompiledGraph compiled = backend.compile(graph, options);
        assertEquals(compiled.plan(), planned, graph::name);
        return compiled;
    }

    @Override
    public Plan plan(Graph graph, CompileOptions options) {
        return backend.plan(graph, options);
    }

    @Override
    public void close() {
        backend.close();
    }
}
