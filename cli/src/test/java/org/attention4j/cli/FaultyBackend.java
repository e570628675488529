package org.attention4j.cli;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableMap;
import java.util.HashMap;
import java.util.Map;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Device;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.backend.Probe;
import org.attention4j.core.backend.Progress;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.tensor.Tensor;

/**
 * The reference backend, but for the MLP of the second layer, which is wrong by a quarter in its fifth entry. It says when it compiles
 * a graph.
 */
public final class FaultyBackend implements Backend {
    private static final String WRONG = "tap:model.layers.1/gated_mlp";

    private final Backend right = Backends.create("reference", BackendOptions.DEFAULT);

    private final Progress progress;

    private FaultyBackend(Progress progress) {
        this.progress = progress;
    }

    /** Makes it; never the default. */
    @AutoService(Backend.Provider.class)
    public static final class Provider implements Backend.Provider {
        @Override
        public String name() {
            return "faulty";
        }

        @Override
        public int priority() {
            return -1;
        }

        @Override
        public Probe probe() {
            return Backends.providers().stream()
                    .filter(p -> p.name().equals("reference"))
                    .findFirst()
                    .orElseThrow()
                    .probe();
        }

        @Override
        public Backend create(BackendOptions options) {
            return new FaultyBackend(options.progress());
        }
    }

    @Override
    public String name() {
        return "faulty";
    }

    @Override
    public Device device() {
        return right.device();
    }

    @Override
    public CompiledGraph compile(Graph graph, CompileOptions options) {
        progress.begin("making a mistake", 1, 3);
        try {
            return new Compiled(right.compile(graph, options));
        } finally {
            progress.end();
        }
    }

    @Override
    public void close() {
        right.close();
    }

    private record Compiled(CompiledGraph right) implements CompiledGraph {
        @Override
        public Graph graph() {
            return right.graph();
        }

        @Override
        public Plan plan() {
            return right.plan();
        }

        @Override
        public Execution newExecution(Map<String, Long> sizes) {
            return new Run(right.newExecution(sizes));
        }

        @Override
        public ImmutableMap<String, Tensor> run(Map<String, Tensor> inputs) {
            return right.run(inputs);
        }

        @Override
        public void close() {
            right.close();
        }
    }

    private record Run(Execution right) implements Execution {
        @Override
        public Map<String, Tensor> run(Map<String, Tensor> inputs) {
            Map<String, Tensor> results = new HashMap<>(right.run(inputs));
            results.computeIfPresent(WRONG, (name, value) -> {
                Tensor wrong = Tensor.f32(value.shape(), value.toFloatArray());
                wrong.setDouble(5, wrong.getDouble(5) + 0.25);
                return wrong;
            });
            return results;
        }

        @Override
        public Tensor readState(String input) {
            return right.readState(input);
        }

        @Override
        public void writeState(String input, Tensor value) {
            right.writeState(input, value);
        }

        @Override
        public void close() {
            right.close();
        }
    }
}
