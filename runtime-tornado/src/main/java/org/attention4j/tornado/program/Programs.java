package org.attention4j.tornado.program;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.tornado.machine.Machine;
import org.attention4j.tornado.machine.PaperMachine;

/**
 * A graph's programs on a machine, one for each set of sizes and wanted results that runs had; those not used for the longest time
 * are forgotten. Its constants are shared. The machine's lock is held.
 */
public final class Programs implements AutoCloseable {
    private static final int MOST = 64;

    private record Key(Map<String, Long> symbols, Set<String> wanted, boolean keepsStates) {}

    private final Lowered graph;
    private static final String SEQ = "seq";
    private static final String CONTEXT = "context";
    private static final long A_PROMPT = 64;

    private final Machine machine;
    private final Constants constants;
    private final LinkedHashMap<Key, LoadedProgram> loaded = new LinkedHashMap<>(16, 0.75f, true);

    /** No programs yet. */
    public Programs(Lowered graph, Machine machine) {
        this.graph = graph;
        this.machine = machine;
        this.constants = new Constants(machine, graph.graph().name());
    }

    /**
     * What a run of an execution launches, without a run: nothing is put on the machine.
     *
     * @param machine whose limits count
     */
    public static List<Plan.Launch> launches(Lowered graph, Map<String, Long> sizes, Machine machine) {
        StateLayout states = StateLayout.of(graph.graph(), sizes);
        try (Machine paper = new PaperMachine(machine);
                Constants constants = new Constants(paper, graph.graph().name())) {
            return Program.of(graph, sizes, constants, Optional.of(states)).launches();
        }
    }

    /**
     * Runs the graph.
     *
     * @param wanted names of results
     * @param states where states are kept, relative to {@code stateFloats} and {@code stateInts}; empty: they are inputs and
     *     results like others
     * @return the wanted results that are no kept states
     */
    public ImmutableMap<String, Tensor> run(
            Map<String, Tensor> inputs,
            Map<String, Long> symbols,
            Set<String> wanted,
            Optional<StateLayout> states,
            int stateFloats,
            int stateInts) {
        Key key = new Key(ImmutableMap.copyOf(symbols), ImmutableSet.copyOf(wanted), states.isPresent());
        LoadedProgram program = loaded.get(key);
        if (program == null) {
            program = new LoadedProgram(
                    graph.graph().name(), Program.of(graph.only(wanted), symbols, constants, states), machine);
            if (loaded.isEmpty() && states.isPresent()) {
                wantForOtherLengths(symbols, program.arrays(), states);
            }
            loaded.put(key, program);
            if (loaded.size() > MOST) {
                loaded.pollFirstEntry().getValue().unload();
            }
        }
        return program.run(inputs, stateFloats, stateInts);
    }

    /**
     * Says which kernels runs of other lengths take: a prompt and single tokens take different ones, and those that are not known
     * before the first launch make all of them be compiled again.
     */
    private void wantForOtherLengths(Map<String, Long> symbols, Set<Integer> arrays, Optional<StateLayout> states) {
        if (!symbols.containsKey(SEQ)) {
            return;
        }
        long most = Math.min(A_PROMPT, symbols.getOrDefault(CONTEXT, A_PROMPT));
        for (long length : new long[] {1, most}) {
            Map<String, Long> sizes = new HashMap<>(symbols);
            sizes.put(SEQ, length);
            try (Machine paper = new PaperMachine(machine);
                    Constants names = new Constants(paper, graph.graph().name())) {
                Step.launches(Program.of(graph, sizes, names, states).steps())
                        .forEach(l -> arrays.forEach(array -> machine.want(l.kernel(), array)));
            }
        }
    }

    @Override
    public void close() {
        loaded.values().forEach(LoadedProgram::unload);
        loaded.clear();
        constants.close();
    }
}
