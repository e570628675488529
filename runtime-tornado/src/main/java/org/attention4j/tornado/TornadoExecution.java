package org.attention4j.tornado;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.Execution;
import org.attention4j.core.backend.GraphInputs;
import org.attention4j.core.backend.GraphStates;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.tornado.machine.Bank;
import org.attention4j.tornado.machine.Machine;
import org.attention4j.tornado.program.StateLayout;
import org.attention4j.tornado.program.Transfers;

/** Parts of the machine's arrays that hold the states of one execution. */
final class TornadoExecution implements Execution {
    private final TornadoGraph compiled;
    private final Graph graph;
    private final Map<String, Long> sizes;
    private final StateLayout layout;
    private final int floats;
    private final int ints;
    private boolean closed;

    TornadoExecution(TornadoGraph compiled, Map<String, Long> given) {
        this.compiled = compiled;
        this.graph = compiled.graph();
        this.sizes = GraphStates.sizes(graph, given);
        this.layout = StateLayout.of(graph, sizes);
        Machine machine = compiled.machine();
        int[] begins = compiled.locked(() -> {
            compiled.programs();
            return allocate(machine);
        });
        this.floats = begins[0];
        this.ints = begins[1];
    }

    /** Room for the states, all zero. */
    private int[] allocate(Machine machine) {
        String what = "graph %s: states with %s%s".formatted(graph.name(), sizes, advice(machine));
        int floatsAt = machine.allocate(Bank.FLOATS, layout.floats(), what);
        try {
            int intsAt = machine.allocate(Bank.INTS, layout.ints(), what);
            machine.write(floatsAt, new float[layout.floats()], intsAt, new int[layout.ints()]);
            return new int[] {floatsAt, intsAt};
        } catch (BackendException e) {
            machine.free(Bank.FLOATS, floatsAt);
            throw e;
        }
    }

    /** With which size the states would fit, if they don't. */
    private String advice(Machine machine) {
        if (layout.fits(machine)) {
            return "";
        }
        return sizes.keySet().stream()
                .flatMap(symbol -> StateLayout.largestThatFits(graph, sizes, symbol, machine).stream()
                        .mapToObj(size -> " (%s=%d would fit)".formatted(symbol, size)))
                .findFirst()
                .orElse("");
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
        return run(inputs, graph.results().keySet());
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> wanted) {
        requireOpen();
        Map<String, Long> symbols = GraphInputs.bind(graph, GraphStates.freeInputs(graph), inputs, sizes);
        return compiled.locked(
                () -> compiled.programs().run(inputs, symbols, wanted, Optional.of(layout), floats, ints));
    }

    @Override
    public Tensor readState(String input) {
        requireOpen();
        Value state = GraphStates.find(graph, input);
        StateLayout.Place place = place(input);
        return compiled.locked(() -> Transfers.read(
                compiled.machine(), place.bank(), begin(place), state.type().dtype(), place.shape()));
    }

    @Override
    public void writeState(String input, Tensor value) {
        requireOpen();
        GraphStates.requireFits(graph, input, value, sizes);
        StateLayout.Place place = place(input);
        String what = "graph %s: state %s".formatted(graph.name(), input);
        compiled.locked(() -> {
            Transfers.write(compiled.machine(), place.bank(), begin(place), what, value);
            return true;
        });
    }

    private StateLayout.Place place(String input) {
        return Optional.ofNullable(layout.places().get(input)).orElseThrow();
    }

    private int begin(StateLayout.Place place) {
        return place.offset() + (place.bank() == Bank.FLOATS ? floats : ints);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("an execution of graph %s is closed".formatted(graph.name()));
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        compiled.locked(() -> {
            compiled.machine().free(Bank.FLOATS, floats);
            compiled.machine().free(Bank.INTS, ints);
            return true;
        });
    }
}
