package org.attention4j.cli;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Device;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.backend.Probe;
import org.attention4j.core.ir.Graph;

/** Says what the reference backend would do, and does none of it. */
public final class PlanningBackend implements Backend {
    private static final Device PAPER = new Device("paper", "a plan");

    private final Backend reference = Backends.create("reference", BackendOptions.DEFAULT);

    private PlanningBackend() {}

    /** Makes it; never the default. */
    @AutoService(Backend.Provider.class)
    public static final class Provider implements Backend.Provider {
        @Override
        public String name() {
            return "planning";
        }

        @Override
        public int priority() {
            return -2;
        }

        @Override
        public Probe probe() {
            return new Probe.Ready(List.of(PAPER));
        }

        @Override
        public Backend create(BackendOptions options) {
            return new PlanningBackend();
        }
    }

    @Override
    public String name() {
        return "planning";
    }

    @Override
    public Device device() {
        return PAPER;
    }

    @Override
    public CompiledGraph compile(Graph graph, CompileOptions options) {
        throw new BackendException("backend planning: it compiles nothing");
    }

    @Override
    public Plan plan(Graph graph, CompileOptions options) {
        return new Plan(name(), PAPER.id(), reference.plan(graph, options).choices());
    }

    /** A launch for the input, and for each composite one more, in a loop as often as it has tokens. */
    @Override
    public Plan plan(Graph graph, CompileOptions options, Map<String, Long> sizes) {
        Plan plan = plan(graph, options);
        int tokens = Math.toIntExact(Optional.ofNullable(sizes.get("seq")).orElseThrow());
        List<Plan.Launch> launches = new ArrayList<>(List.of(new Plan.Launch("write", 1, List.of())));
        plan.choices().forEach(c -> launches.add(new Plan.Launch("step", tokens, List.of(c.label()))));
        return plan.withLaunches(launches);
    }

    @Override
    public void close() {
        reference.close();
    }
}
