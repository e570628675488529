package org.attention4j.tornado.program;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.Value;
import org.attention4j.tornado.kernel.Rows;

/** What the values of one graph are, how many ops still read each, and the memory that is freed when none does. */
final class Values {
    private final Emitter emitter;
    private final Constants constants;
    private final Map<String, Held> held = new HashMap<>();
    /** The op that made each value, which what stores it later is for. */
    private final Map<String, String> makers = new HashMap<>();
    /** Constants that nobody needed as floats or integers yet. */
    private final Map<String, PrimitiveOp.Constant> unloaded = new HashMap<>();

    private final Map<String, Integer> readers = new HashMap<>();
    private final List<Buffer> temporary = new ArrayList<>();

    Values(Emitter emitter, Constants constants) {
        this.emitter = emitter;
        this.constants = constants;
    }

    /** Counts who reads what; inputs that nobody reads are dropped. */
    void begin(Graph graph) {
        for (Op op : graph.ops()) {
            op.inputs().forEach(v -> readers.merge(v.id(), 1, Integer::sum));
        }
        graph.results().values().forEach(v -> readers.merge(v.id(), 1, Integer::sum));
        graph.inputs().stream().filter(v -> !readers.containsKey(v.id())).forEach(this::drop);
    }

    /** Says that an op was lowered: it read its inputs. */
    void end(Op op) {
        op.inputs().forEach(this::read);
        op.outputs().stream().filter(v -> !readers.containsKey(v.id())).forEach(this::drop);
        freeTemporary();
    }

    private void read(Value v) {
        if (readers.merge(v.id(), -1, Integer::sum) == 0) {
            drop(v);
        }
    }

    private void drop(Value v) {
        Held dropped = held.remove(v.id());
        if (dropped != null) {
            release(dropped);
        }
    }

    private void release(Held value) {
        value.buffers().forEach(b -> {
            b.references--;
            emitter.freeUnused(b);
        });
    }

    private void freeTemporary() {
        temporary.forEach(emitter::freeUnused);
        temporary.clear();
    }

    /** Forgets all values. */
    void dropAll() {
        held.values().forEach(this::release);
        held.clear();
        freeTemporary();
    }

    Held get(Value v) {
        if (!held.containsKey(v.id()) && unloaded.get(v.id()) instanceof PrimitiveOp.Constant c) {
            define(v, constants.held(c.label(), c.value()));
        }
        return requireNonNull(held.get(v.id()), v.id());
    }

    void define(Value v, Held value) {
        value.buffers().forEach(b -> b.references++);
        held.put(v.id(), value);
        makers.putIfAbsent(v.id(), emitter.label());
    }

    /** Defines a value as a constant, which is loaded when somebody gets it. */
    void define(Value v, PrimitiveOp.Constant constant) {
        unloaded.put(v.id(), constant);
    }

    /** The constant that the value is, if it is one of this graph. */
    Optional<PrimitiveOp.Constant> constant(Value v) {
        return Optional.ofNullable(unloaded.get(v.id()));
    }

    /** Whether the op that is being lowered is the last that reads the value. */
    boolean isLastReader(Value v) {
        return requireNonNull(readers.get(v.id())) == 1;
    }

    /** Whether more than one op will read the value. */
    boolean isShared(Value v) {
        return readers.getOrDefault(v.id(), 0) > 1;
    }

    /** Whether the value lies in memory of its own that nobody needs after this op. */
    boolean mayOverwrite(Value v) {
        return isLastReader(v)
                && get(v).dense()
                        .filter(d -> d.buffer().base != Rows.ABSOLUTE && d.buffer().references == 1)
                        .filter(d -> d.access().offset() == d.buffer().offset)
                        .isPresent();
    }

    /** The label of the op that made the value, which is what stores it is for. */
    String maker(Value v) {
        return makers.getOrDefault(v.id(), emitter.label());
    }

    /** The value in memory: what it is from now on. */
    Expr.Load stored(Value v) {
        Held before = get(v);
        if (before.stored().isPresent()) {
            return before.stored().get();
        }
        String label = emitter.label();
        emitter.at(maker(v));
        Expr.Load load = emitter.store(before);
        emitter.at(label);
        define(v, new Held(load, before.dims()));
        release(before);
        return load;
    }

    /** The value in memory of its own, row-major: freed after the op if no value comes to refer to it. */
    Expr.Load copy(Held value) {
        Expr.Load load = emitter.store(value);
        temporary.add(load.buffer());
        return load;
    }

    /** New memory, freed after the op if no value comes to refer to it. */
    Expr.Load allocate(boolean isFloat, int[] dims) {
        Buffer buffer = emitter.allocate(isFloat, Held.elements(dims));
        temporary.add(buffer);
        return new Expr.Load(buffer, Access.dense(buffer.base, buffer.offset, dims));
    }
}
