package org.attention4j.tornado;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Device;
import org.attention4j.core.backend.LoweringChooser;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Value;
import org.attention4j.core.state.Storage;
import org.attention4j.tornado.machine.Machine;
import org.attention4j.tornado.program.Lowered;
import org.attention4j.tornado.program.Programs;
import org.attention4j.tornado.program.TornadoLowering;

/** Lowers graphs to launches of kernels on one machine. */
final class TornadoBackend implements Backend {
    static final String NAME = "tornado";

    private static final Storage STORAGE = new Storage(128, 127);

    /** For the most probable token, and for any usual top-k. */
    private static final ImmutableList<Integer> CANDIDATES = ImmutableList.of(1, 64);

    private static final ImmutableList<TornadoLowering> LOWERINGS =
            ImmutableList.copyOf(ServiceLoader.load(TornadoLowering.class, TornadoBackend.class.getClassLoader()));

    private final Device device;
    private final Machine machine;
    private final Optional<String> profile;

    /**
     * On a machine, which is closed with it.
     *
     * @param profile the beginning of the name of the file for the machine's profile, if it is wanted
     */
    TornadoBackend(Device device, Machine machine, Optional<String> profile) {
        this.device = device;
        this.machine = machine;
        this.profile = profile;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public Storage storage() {
        return STORAGE;
    }

    @Override
    public List<Integer> candidates() {
        return CANDIDATES;
    }

    @Override
    public CompiledGraph compile(Graph graph, CompileOptions options) {
        Choices choices = choices(graph, options);
        return new TornadoGraph(graph, choices.lowered, choices.plan, machine);
    }

    @Override
    public Plan plan(Graph graph, CompileOptions options) {
        return choices(graph, options).plan;
    }

    /** Writes the program of one run: neither weights nor the device are touched. */
    @Override
    public Plan plan(Graph graph, CompileOptions options, Map<String, Long> sizes) {
        Choices choices = choices(graph, options);
        return choices.plan.withLaunches(Programs.launches(choices.lowered, sizes, machine));
    }

    private record Choices(Lowered lowered, Plan plan) {}

    private Choices choices(Graph graph, CompileOptions options) {
        for (Value v : graph.inputs()) {
            if (v.type().dtype().isQuantized()) {
                throw new BackendException("graph %s: input %s has a block-quantised type, expected a plain one"
                        .formatted(graph.name(), v));
            }
        }
        LoweringChooser<TornadoLowering> chooser = new LoweringChooser<>(LOWERINGS, options);
        Lowered lowered = Lowered.of(graph, chooser);
        return new Choices(lowered, chooser.plan(NAME, device.id()));
    }

    @Override
    public void close() {
        machine.lock().lock();
        try {
            machine.close();
            profile.ifPresent(prefix -> ProfileFile.write(prefix, machine.device(), machine.traffic()));
        } finally {
            machine.lock().unlock();
        }
    }
}
