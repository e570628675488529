package org.attention4j.tornado;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.backend.GraphInputs;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.tornado.machine.Machine;
import org.attention4j.tornado.program.Lowered;
import org.attention4j.tornado.program.Programs;

/** A graph and its programs on the machine that all graphs of a backend share. */
final class TornadoGraph implements CompiledGraph {
    private final Graph graph;
    private final Plan plan;
    private final Machine machine;
    private final Programs programs;
    private boolean closed;

    /** {@code lowered} must compute what {@code graph} means. */
    TornadoGraph(Graph graph, Lowered lowered, Plan plan, Machine machine) {
        this.graph = graph;
        this.plan = plan;
        this.machine = machine;
        this.programs = new Programs(lowered, machine);
    }

    @Override
    public Graph graph() {
        return graph;
    }

    @Override
    public Plan plan() {
        return plan;
    }

    Machine machine() {
        return machine;
    }

    /** The programs, which are used with the machine's lock held. */
    Programs programs() {
        if (closed) {
            throw new IllegalStateException("graph %s is closed".formatted(graph.name()));
        }
        return programs;
    }

    /** Does something with the machine's lock held. */
    <T> T locked(Supplier<T> work) {
        machine.lock().lock();
        try {
            return work.get();
        } finally {
            machine.lock().unlock();
        }
    }

    @Override
    public Execution newExecution(Map<String, Long> sizes) {
        return new TornadoExecution(this, sizes);
    }

    @Override
    public ImmutableMap<String, Tensor> run(Map<String, Tensor> inputs) {
        Map<String, Long> symbols = GraphInputs.bind(graph, graph.inputs(), inputs, Map.of());
        return locked(() -> programs().run(inputs, symbols, graph.results().keySet(), Optional.empty(), 0, 0));
    }

    @Override
    public void close() {
        locked(() -> {
            if (!closed) {
                closed = true;
                programs.close();
            }
            return true;
        });
    }
}
