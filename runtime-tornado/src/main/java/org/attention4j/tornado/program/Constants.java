package org.attention4j.tornado.program;

import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.tornado.kernel.Rows;
import org.attention4j.tornado.machine.Bank;
import org.attention4j.tornado.machine.Machine;

/** A graph's constants on a machine, put there when a program first needs them. The machine's lock is held. */
final class Constants implements AutoCloseable {
    private final Machine machine;
    private final String graph;
    private final IdentityHashMap<Tensor, Buffer> tensors = new IdentityHashMap<>();
    private final IdentityHashMap<Tensor, Machine.Place> bytes = new IdentityHashMap<>();
    private final Map<Integer, Buffer> numbers = new HashMap<>();
    private final Map<Integer, Buffer> wholes = new HashMap<>();

    Constants(Machine machine, String graph) {
        this.machine = machine;
        this.graph = graph;
    }

    /** See {@link Machine#isProcessor}. */
    boolean isProcessor() {
        return machine.isProcessor();
    }

    /** A constant of any dtype as a value: blocks of a quantised dtype as their numbers. */
    Held held(String label, Tensor tensor) {
        int[] dims =
                Arrays.stream(tensor.shape().dims()).mapToInt(Math::toIntExact).toArray();
        Buffer buffer = tensors.computeIfAbsent(tensor, t -> load(label, t));
        return new Held(new Expr.Load(buffer, Access.dense(buffer.base, buffer.offset, dims)), dims);
    }

    private Buffer load(String label, Tensor t) {
        DType dtype = t.dtype();
        String what = "graph %s: constant %s".formatted(graph, label);
        return load(dtype.isFloat() || dtype.isQuantized() ? Bank.FLOATS : Bank.INTS, what, t);
    }

    private Buffer load(Bank bank, String what, Tensor t) {
        long elements = t.shape().elements();
        int offset = machine.allocate(bank, elements, what);
        if (!machine.isPaper()) {
            Transfers.write(machine, bank, offset, what, t);
        }
        return new Buffer(bank, Rows.ABSOLUTE, offset, elements);
    }

    /** A constant of a block-quantised or a 16-bit dtype, as it is stored. */
    Machine.Place bytes(String label, Tensor tensor) {
        return bytes.computeIfAbsent(tensor, t -> {
            String what = "graph %s: constant %s".formatted(graph, label);
            Machine.Place place = machine.allocateBytes(t.dtype().byteSize(t.shape()), what);
            if (!machine.isPaper()) {
                machine.writeBytes(place, t.data());
            }
            return place;
        });
    }

    /** An integer. */
    Buffer whole(int value) {
        return wholes.computeIfAbsent(value, v -> {
            int offset = machine.allocate(Bank.INTS, 1, "graph %s: a number".formatted(graph));
            machine.write(0, new float[0], offset, new int[] {v});
            return new Buffer(Bank.INTS, Rows.ABSOLUTE, offset, 1);
        });
    }

    /** A float. */
    Buffer number(float value) {
        return numbers.computeIfAbsent(Float.floatToIntBits(value), bits -> {
            int offset = machine.allocate(Bank.FLOATS, 1, "graph %s: a number".formatted(graph));
            machine.write(offset, new float[] {value}, 0, new int[0]);
            return new Buffer(Bank.FLOATS, Rows.ABSOLUTE, offset, 1);
        });
    }

    @Override
    public void close() {
        tensors.values().forEach(b -> machine.free(b.bank, b.offset));
        numbers.values().forEach(b -> machine.free(b.bank, b.offset));
        wholes.values().forEach(b -> machine.free(b.bank, b.offset));
        wholes.clear();
        bytes.values().forEach(machine::freeBytes);
        bytes.clear();
        tensors.clear();
        numbers.clear();
    }
}
