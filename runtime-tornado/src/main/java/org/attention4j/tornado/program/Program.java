package org.attention4j.tornado.program;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.backend.Plan;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.tornado.kernel.Rows;
import org.attention4j.tornado.machine.Bank;
import org.attention4j.tornado.machine.Machine;

/**
 * What a graph is for given sizes of its symbolic dims: launches, a table of what they do, and the places of inputs and results.
 *
 * @param steps the launches
 * @param table the numbers that tell kernels what to do
 * @param scratchFloats temporary floats
 * @param scratchInts temporary integers
 * @param inputs where each input goes, relative to the temporary values
 * @param results where each result lies
 */
record Program(
        List<Step> steps,
        ImmutableIntArray table,
        int scratchFloats,
        int scratchInts,
        Map<String, Place> inputs,
        Map<String, Place> results) {
    /** Where an input or a result lies, in one piece: {@code base} is as in {@link Rows}. */
    record Place(Bank bank, int base, int offset, DType dtype, Shape shape) {}

    Program {
        steps = ImmutableList.copyOf(steps);
        inputs = ImmutableMap.copyOf(inputs);
        results = ImmutableMap.copyOf(results);
    }

    /**
     * Writes the program of a graph of primitives and scans.
     *
     * @param states where states are kept; empty: they are inputs and results like others
     */
    static Program of(Lowered lowered, Map<String, Long> symbols, Constants constants, Optional<StateLayout> states) {
        Graph graph = lowered.graph();
        Emitter emitter = new Emitter(constants.isProcessor());
        emitter.at("graph " + graph.name());
        Lowerer lowerer = new Lowerer(emitter, constants, symbols, lowered.choices());
        Map<String, Place> inputs = new LinkedHashMap<>();
        Map<String, Expr.Load> stateLoads = new LinkedHashMap<>();
        for (Value v : graph.inputs()) {
            int[] dims = lowerer.dims(v);
            boolean isFloat = v.type().dtype().isFloat();
            Optional<StateLayout.Place> place =
                    states.flatMap(s -> Optional.ofNullable(s.places().get(v.id())));
            Buffer buffer = place.map(p -> new Buffer(
                            p.bank(),
                            Rows.STATE + p.bank().index(),
                            p.offset(),
                            p.shape().elements()))
                    .orElseGet(() -> emitter.allocate(isFloat, Held.elements(dims)));
            Expr.Load load = new Expr.Load(buffer, Access.dense(buffer.base, buffer.offset, dims));
            if (place.isPresent()) {
                stateLoads.put(v.id(), load);
            } else {
                inputs.put(v.id(), place(buffer, v, symbols));
            }
            lowerer.define(v, new Held(load, dims));
        }
        lowerer.lower(graph);
        emitter.at("graph " + graph.name());
        Map<String, Place> results = new LinkedHashMap<>();
        graph.results().forEach((name, v) -> {
            if (stateLoads.isEmpty() || !graph.states().containsValue(name)) {
                Buffer buffer = lowerer.result(v);
                buffer.references++;
                results.put(name, place(buffer, v, symbols));
            }
        });
        List<Assignments.Assignment> next = new ArrayList<>();
        graph.states().forEach((input, result) -> {
            if (stateLoads.get(input) instanceof Expr.Load load
                    && graph.results().get(result) instanceof Value v) {
                next.add(new Assignments.Assignment(load, lowerer.get(v)));
            }
        });
        Assignments.emit(lowerer, next);
        List<Step> steps = emitter.finish();
        return new Program(
                steps,
                ImmutableIntArray.copyOf(emitter.table()),
                emitter.scratch(Bank.FLOATS),
                emitter.scratch(Bank.INTS),
                inputs,
                results);
    }

    private static Place place(Buffer buffer, Value v, Map<String, Long> symbols) {
        return new Place(
                buffer.bank,
                buffer.base,
                buffer.offset,
                v.type().dtype(),
                v.type().shape(symbols));
    }

    /** The label of the launch whose numbers begin at this row. */
    String labelOf(int row) {
        return steps.stream().flatMap(s -> s.labelOf(row).stream()).findFirst().orElse("a launch");
    }

    /** What one run launches, its inputs' and results' ways to the device and from it included. */
    List<Plan.Launch> launches() {
        ImmutableList.Builder<Plan.Launch> all = ImmutableList.builder();
        int written = Machine.launchesToWrite(end(Bank.FLOATS), end(Bank.INTS));
        all.add(new Plan.Launch("write", written, ImmutableList.of()));
        steps.forEach(s -> all.addAll(s.launches(1)));
        // Something is read even if there is no result: whether a launch failed.
        int read = results.values().stream()
                .mapToInt(r -> Machine.launchesToRead((int) r.shape().elements()))
                .sum();
        all.add(new Plan.Launch("read", Math.max(1, read), ImmutableList.of()));
        return all.build();
    }

    /** Inputs lie side by side at the beginning of the temporary values: where those of a bank end. */
    int end(Bank bank) {
        return inputs.values().stream()
                .filter(p -> p.bank() == bank)
                .mapToInt(p -> p.offset() + (int) p.shape().elements())
                .max()
                .orElse(0);
    }
}
