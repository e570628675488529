package org.attention4j.tornado.program;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.tornado.kernel.Rows;
import org.attention4j.tornado.machine.Bank;
import org.attention4j.tornado.machine.Machine;

/** A program whose table is on a machine. The machine's lock is held. */
final class LoadedProgram {
    private final String graph;
    private final Program program;
    private final Machine machine;
    private final int table;

    LoadedProgram(String graph, Program program, Machine machine) {
        this.graph = graph;
        this.program = program;
        this.machine = machine;
        this.table = machine.allocate(Bank.INTS, program.table().length(), "graph %s: its table".formatted(graph));
        machine.write(0, new float[0], table, program.table().toArray());
        Step.launches(program.steps()).forEach(l -> machine.want(l.kernel(), l.array()));
    }

    /** The arrays of bytes that its kernels read, or the first one if there are none. */
    Set<Integer> arrays() {
        Set<Integer> arrays = new TreeSet<>(ImmutableSet.of(0));
        Step.launches(program.steps()).forEach(l -> arrays.add(l.array()));
        return arrays;
    }

    void unload() {
        machine.free(Bank.INTS, table);
    }

    /**
     * Runs it once.
     *
     * @param stateFloats where the float states begin
     * @param stateInts where the integer states begin
     */
    ImmutableMap<String, Tensor> run(Map<String, Tensor> inputs, int stateFloats, int stateInts) {
        machine.reserveScratch(
                program.scratchFloats(), program.scratchInts(), "graph %s: temporary values".formatted(graph));
        return machine.traffic().run(graph, () -> compute(inputs, stateFloats, stateInts));
    }

    private ImmutableMap<String, Tensor> compute(Map<String, Tensor> inputs, int stateFloats, int stateInts) {
        writeInputs(inputs);
        int[] cursor = new int[Rows.CURSOR];
        cursor[Rows.STATE] = stateFloats;
        cursor[Rows.STATE + 1] = stateInts;
        cursor[Rows.SCRATCH] = machine.scratch(Bank.FLOATS);
        cursor[Rows.SCRATCH + 1] = machine.scratch(Bank.INTS);
        run(program.steps(), cursor);
        return readResults(cursor);
    }

    private void run(List<Step> steps, int[] cursor) {
        for (Step step : steps) {
            switch (step) {
                case Step.Launch l -> {
                    cursor[Rows.ROW] = table + l.row();
                    machine.launch(l.kernel(), l.array(), cursor, l.items());
                }
                case Step.Loop l -> {
                    for (int i = 0; i < l.count(); i++) {
                        cursor[Rows.LOOP + l.depth()] = i;
                        run(l.body(), cursor);
                    }
                    cursor[Rows.LOOP + l.depth()] = 0;
                }
            }
        }
    }

    /** In one go: inputs lie side by side. */
    private void writeInputs(Map<String, Tensor> inputs) {
        int numFloats = program.end(Bank.FLOATS);
        int numInts = program.end(Bank.INTS);
        float[] floats = new float[numFloats];
        int[] ints = new int[numInts];
        program.inputs().forEach((name, place) -> {
            Tensor t = Optional.ofNullable(inputs.get(name)).orElseThrow();
            if (place.bank() == Bank.FLOATS) {
                float[] values = t.toFloatArray();
                System.arraycopy(values, 0, floats, place.offset(), values.length);
            } else {
                int[] values = Integers.of("graph %s: input %s".formatted(graph, name), t);
                System.arraycopy(values, 0, ints, place.offset(), values.length);
            }
        });
        machine.write(machine.scratch(Bank.FLOATS), floats, machine.scratch(Bank.INTS), ints);
    }

    private ImmutableMap<String, Tensor> readResults(int[] cursor) {
        ImmutableMap.Builder<String, Tensor> results = ImmutableMap.builder();
        boolean checked = false;
        for (Map.Entry<String, Program.Place> e : program.results().entrySet()) {
            Program.Place p = e.getValue();
            results.put(e.getKey(), read(p.bank(), cursor[p.base()] + p.offset(), p.dtype(), p.shape()));
            checked = true;
        }
        if (!checked) {
            check(machine.read(0, 0, 0, 0));
        }
        return results.buildOrThrow();
    }

    private Tensor read(Bank bank, int offset, DType dtype, Shape shape) {
        int count = Math.toIntExact(shape.elements());
        Machine.Contents contents =
                bank == Bank.FLOATS ? machine.read(offset, count, 0, 0) : machine.read(0, 0, offset, count);
        check(contents);
        return Transfers.tensor(dtype, shape, contents);
    }

    private void check(Machine.Contents contents) {
        if (contents.failed() != 0) {
            throw new BackendException("graph %s: %s: an index is out of range, or an integer is divided by 0"
                    .formatted(graph, program.labelOf(contents.failed() - table)));
        }
    }
}
