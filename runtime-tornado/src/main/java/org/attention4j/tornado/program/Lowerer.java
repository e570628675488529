package org.attention4j.tornado.program;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.Scan;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.tornado.kernel.Code;
import org.attention4j.tornado.kernel.Rows;
import org.attention4j.tornado.machine.Kernel;

/**
 * Writes the launches that compute a graph, for given sizes of its symbolic dims. Values stay expressions as long as they can:
 * views cost nothing, and elementwise ops become part of the launch that needs them.
 */
public final class Lowerer {
    final Emitter emitter;
    final Constants constants;
    final Map<String, Long> symbols;
    final Map<Composite, Lowered.Choice> choices;
    final Values values;
    /** Before the labels of ops: a graph inside this one knows nothing of where it stands. */
    private String scope = "";

    private boolean inOneExpression;

    Lowerer(Emitter emitter, Constants constants, Map<String, Long> symbols, Map<Composite, Lowered.Choice> choices) {
        this.emitter = emitter;
        this.constants = constants;
        this.symbols = symbols;
        this.choices = choices;
        this.values = new Values(emitter, constants);
    }

    /** For a graph inside this one: a loop's body, or a part of a composite. */
    Lowerer inner() {
        Lowerer inner = new Lowerer(emitter, constants, symbols, choices);
        inner.scope = scope;
        return inner;
    }

    /** Lowers the graph's ops; its inputs must be defined. Its results stay defined. */
    void lower(Graph graph) {
        values.begin(graph);
        for (Op op : graph.ops()) {
            emitter.at(scope + op.label());
            lower(op);
            values.end(op);
        }
    }

    /** Whether values that several ops read stay expressions, since all of it becomes one. */
    boolean isOneExpression() {
        return inOneExpression;
    }

    private void lower(Op op) {
        switch (op) {
            case Primitive p -> Primitives.lower(this, p.op(), p.inputs(), p.outputs());
            case Scan s -> Loops.lower(this, s);
            case Composite c -> {
                Lowered.Choice choice = requireNonNull(choices.get(c), c.label());
                choice.lowering().lower(this, c, choice.parts());
            }
        }
    }

    /** Writes a graph in place of a composite: from its inputs to its outputs. */
    public void inline(Graph part, Composite composite) {
        for (Value v : composite.inputs()) {
            if (constant(v).isEmpty() && Codes.isCostly(get(v).expr())) {
                stored(v);
            }
        }
        inline(part, composite, false);
    }

    /** The same for a graph of elementwise ops that is one expression in the end, whatever reads what. */
    public void inlineExpression(Graph part, Composite composite) {
        inline(part, composite, true);
        if (values.isShared(composite.outputs().getFirst())) {
            stored(composite.outputs().getFirst());
        }
    }

    private void inline(Graph part, Composite composite, boolean asExpression) {
        Lowerer inner = inner();
        inner.inOneExpression = asExpression;
        for (int i = 0; i < part.inputs().size(); i++) {
            inner.take(part.inputs().get(i), this, composite.inputs().get(i));
        }
        String label = emitter.label();
        inner.scope = label + "/";
        inner.lower(part);
        emitter.at(label);
        List<Value> results = ImmutableList.copyOf(part.results().values());
        for (int i = 0; i < results.size(); i++) {
            define(composite.outputs().get(i), inner.get(results.get(i)));
        }
        inner.dropAll();
    }

    // Values

    /** The label of the op that made the value. */
    String maker(Value v) {
        return values.maker(v);
    }

    /** The value's dims. */
    public int[] dims(Value v) {
        return dims(v.type());
    }

    /** The type's dims. */
    public int[] dims(TensorType type) {
        int[] dims = new int[type.rank()];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = size(type.dim(i));
        }
        return dims;
    }

    /** The dimension's size. */
    public int size(Dim dim) {
        long size = dim.evaluate(symbols);
        if (size < 0 || size > Integer.MAX_VALUE) {
            throw new BackendException("%s: dimension %s is %d, expected 0 to %d"
                    .formatted(emitter.label(), dim, size, Integer.MAX_VALUE));
        }
        return (int) size;
    }

    /** The value. */
    public Held get(Value v) {
        return values.get(v);
    }

    /** Defines a value as one of the graph around this one. */
    void take(Value v, Lowerer outer, Value from) {
        Optional<PrimitiveOp.Constant> constant = outer.constant(from);
        if (constant.isPresent()) {
            values.define(v, constant.get());
        } else {
            define(v, outer.get(from));
        }
    }

    /** The constant that the value is, if it is one of this graph. */
    Optional<PrimitiveOp.Constant> constant(Value v) {
        return values.constant(v);
    }

    /** Says what a value is: an expression that is computed once, for it is computed where it is read. */
    public void defineExpression(Value v, Held held) {
        define(v, held);
        if (values.isShared(v) && !inOneExpression) {
            stored(v);
        }
    }

    /** Products of x's rows with a weight's rows: see {@link Weights}. */
    public Expr product(Value x, Value weight, Map<DType, Integer> types) {
        return Weights.product(this, x, weight, types);
    }

    /** Rows of an {@code embedding}'s table: see {@link Weights}. */
    public void tableRows(Kernel kernel, Composite composite, Map<DType, Integer> types) {
        Weights.tableRows(this, kernel, composite, types);
    }

    /** Says what a value is. */
    public void define(Value v, Held held) {
        values.define(v, held);
    }

    /** Whether the op that is being lowered is the last that reads the value. */
    public boolean isLastReader(Value v) {
        return values.isLastReader(v);
    }

    /** Whether the value lies in memory of its own that nobody needs after this op. */
    public boolean mayOverwrite(Value v) {
        return values.mayOverwrite(v);
    }

    /** A result's memory: in one piece, and not that of a state. */
    Buffer result(Value v) {
        Held held = get(v);
        Optional<Expr.Load> dense = held.dense()
                .filter(d -> d.buffer().base >= Rows.SCRATCH || d.buffer().base == Rows.ABSOLUTE)
                .filter(d -> d.access().offset() == d.buffer().offset);
        return dense.orElseGet(() -> emitter.store(held)).buffer();
    }

    /** Forgets all values. */
    void dropAll() {
        values.dropAll();
    }

    /** The value in memory: what it is from now on. */
    public Expr.Load stored(Value v) {
        return values.stored(v);
    }

    /** A value that has no name, in memory: freed after the op if no value comes to refer to it. */
    public Expr.Load stored(Held held) {
        return held.stored().orElseGet(() -> copy(held));
    }

    /** The value in memory of its own, row-major: freed after the op if no value comes to refer to it. */
    public Expr.Load copy(Held held) {
        return values.copy(held);
    }

    /** New memory, freed after the op if no value comes to refer to it. */
    public Expr.Load allocate(boolean isFloat, int[] dims) {
        return values.allocate(isFloat, dims);
    }

    /** What launches are written to. */
    public Emitter emitter() {
        return emitter;
    }

    /** A float that is part of the program. */
    public Expr.Load number(float value) {
        Buffer buffer = constants.number(value);
        return new Expr.Load(buffer, Access.dense(buffer.base, buffer.offset, new int[0]));
    }

    /** An integer that is part of the program, for operands: the same for every index of one dimension. */
    public Expr.Load whole(int value) {
        Buffer buffer = constants.whole(value);
        return new Expr.Load(
                buffer, Access.dense(buffer.base, buffer.offset, new int[] {1}).zero(0));
    }

    /** The value in memory, row-major in one piece. */
    public Expr.Load rows(Value v) {
        stored(v);
        return get(v).dense().orElseGet(() -> copy(get(v)));
    }

    /** The value in memory that may be overwritten: its own if nobody else needs it, else a copy's. */
    public Expr.Load toOverwrite(Value v) {
        return mayOverwrite(v) ? get(v).dense().orElseThrow() : copy(get(v));
    }

    /** Writes a value to the entries of a cache's axis that {@code index} says: see {@link Emitter#scatter}. */
    public void scatter(Value v, Expr index, Expr.Load to, int axisStride, int axisSize) {
        if (!Emitter.fits(Expr.apply(Code.SCATTER_FLOAT, true, get(v).expr(), index), 1)) {
            stored(v);
        }
        emitter.scatter(get(v).expr(), index, get(v).dims(), to, axisStride, axisSize);
    }

    /** The index along an axis, as an expression of some rank. */
    public static Expr along(int axis, int rank) {
        int[] strides = new int[rank];
        strides[axis] = 1;
        return new Expr.Address(Access.dense(Rows.ABSOLUTE, 0, new int[rank]).withStrides(strides));
    }

    /** The entry of an axis at an index that is never out of range where it matters. */
    public static Expr entry(Expr.Load x, int axis, int size, Expr index) {
        Access a = x.access();
        return new Expr.Gathered(x.buffer(), a.zero(axis), a.stride(axis), size, true, index);
    }

    /** A float that is part of the program, as an expression of some rank. */
    Expr.Load number(float value, int rank) {
        Buffer buffer = constants.number(value);
        return new Expr.Load(
                buffer, Access.dense(buffer.base, buffer.offset, new int[0]).insert(0, rank));
    }
}
