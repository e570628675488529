package org.attention4j.extension.backend;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Device;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.backend.Probe;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.state.Storage;
import org.attention4j.core.tensor.Tensor;

/** Counts how often graphs are run, and leaves the arithmetic to the reference backend. It wants prompts in pieces of four. */
public final class CountingBackend implements Backend {
    static final String NAME = "counting";

    private static final Device DEVICE = new Device("abacus", "a counter before the reference backend");

    private final Backend inner;
    private final AtomicInteger runs = new AtomicInteger();

    private CountingBackend(Backend inner) {
        this.inner = inner;
    }

    /** Makes it; never the default. */
    @AutoService(Backend.Provider.class)
    public static final class Provider implements Backend.Provider {
        @Override
        public String name() {
            return NAME;
        }

        @Override
        public int priority() {
            return -1;
        }

        @Override
        public Probe probe() {
            return new Probe.Ready(List.of(DEVICE));
        }

        @Override
        public Backend create(BackendOptions options) {
            return new CountingBackend(Backends.create("reference", options));
        }
    }

    /** How many runs there have been of all graphs. */
    int runs() {
        return runs.get();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Device device() {
        return DEVICE;
    }

    @Override
    public Storage storage() {
        return new Storage(4, 3);
    }

    @Override
    public CompiledGraph compile(Graph graph, CompileOptions options) {
        return new Counted(inner.compile(graph, options));
    }

    @Override
    public void close() {
        inner.close();
    }

    private final class Counted implements CompiledGraph {
        private final CompiledGraph compiled;

        Counted(CompiledGraph compiled) {
            this.compiled = compiled;
        }

        @Override
        public Graph graph() {
            return compiled.graph();
        }

        @Override
        public Plan plan() {
            return new Plan(NAME, DEVICE.id(), compiled.plan().choices());
        }

        @Override
        public Execution newExecution(Map<String, Long> sizes) {
            return new CountedExecution(compiled.newExecution(sizes));
        }

        @Override
        public ImmutableMap<String, Tensor> run(Map<String, Tensor> inputs) {
            runs.incrementAndGet();
            return compiled.run(inputs);
        }

        @Override
        public void close() {
            compiled.close();
        }
    }

    private final class CountedExecution implements Execution {
        private final Execution execution;

        CountedExecution(Execution execution) {
            this.execution = execution;
        }

        @Override
        public Map<String, Tensor> run(Map<String, Tensor> inputs) {
            runs.incrementAndGet();
            return execution.run(inputs);
        }

        @Override
        public Tensor readState(String input) {
            return execution.readState(input);
        }

        @Override
        public void writeState(String input, Tensor value) {
            execution.writeState(input, value);
        }

        @Override
        public void close() {
            execution.close();
        }
    }
}
