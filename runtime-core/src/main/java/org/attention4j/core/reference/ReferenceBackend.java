package org.attention4j.core.reference;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.backend.Device;
import org.attention4j.core.backend.Lowering;
import org.attention4j.core.backend.LoweringChooser;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.backend.Probe;
import org.attention4j.core.ir.Decomposer;
import org.attention4j.core.ir.Expansion;
import org.attention4j.core.ir.Graph;

/**
 * Interprets graphs in Java, in double precision: slow, and right by definition. It keeps constants that it has converted,
 * for all its graphs together up to a third of the heap.
 */
public final class ReferenceBackend implements Backend {
    /** The name that users choose it by. */
    public static final String NAME = "reference";

    private static final Device CPU = new Device("cpu", "any processor, by a Java interpreter in double precision");

    private final Primitives primitives;

    private ReferenceBackend(int threads) {
        this.primitives = new Primitives(new Conversions(Runtime.getRuntime().maxMemory() / 3), threads);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Device device() {
        return CPU;
    }

    private record Decomposed(Graph graph, Plan plan) {}

    private static Decomposed decompose(Graph graph, CompileOptions options) {
        LoweringChooser<Lowering> chooser = new LoweringChooser<>(List.of(), options);
        Graph expanded = Expansion.expand(graph, c -> {
            chooser.choose(c);
            return Decomposer.ALL.decompositionOf(c);
        });
        return new Decomposed(expanded, chooser.plan(NAME, CPU.id()));
    }

    @Override
    public CompiledGraph compile(Graph graph, CompileOptions options) {
        Decomposed decomposed = decompose(graph, options);
        return new ReferenceGraph(graph, decomposed.plan, new Program(decomposed.graph, primitives));
    }

    @Override
    public Plan plan(Graph graph, CompileOptions options) {
        return decompose(graph, options).plan;
    }

    @Override
    public void close() {}

    /** Always ready. Where nobody chooses, any other backend that is ready goes before it. */
    @AutoService(Backend.Provider.class)
    public static final class Provider implements Backend.Provider {
        @Override
        public String name() {
            return NAME;
        }

        @Override
        public int priority() {
            return 0;
        }

        @Override
        public Probe probe() {
            return new Probe.Ready(ImmutableList.of(CPU));
        }

        /** One device, {@code cpu}, and no settings. */
        @Override
        public Backend create(BackendOptions options) {
            options.device().filter(id -> !id.equals(CPU.id())).ifPresent(id -> {
                throw new BackendException("backend reference: unknown device %s; there is cpu".formatted(id));
            });
            options.settings().keySet().stream().findFirst().ifPresent(key -> {
                throw new BackendException("backend reference: unknown setting %s; it has none".formatted(key));
            });
            return new ReferenceBackend(
                    options.threads().orElse(Runtime.getRuntime().availableProcessors()));
        }
    }
}
