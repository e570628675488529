package org.attention4j.tornado.program;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
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
    /** Instructions and operands that a launch adds to an expression: stores, and what a reduction needs. */
    private static final int MORE = 4;

    final Emitter emitter;
    final Constants constants;
    final Map<String, Long> symbols;
    final Map<Composite, Lowered.Choice> choices;
    private final Map<String, Held> values = new HashMap<>();
    /** Constants that nobody needed as floats or integers yet. */
    private final Map<String, PrimitiveOp.Constant> unloaded = new HashMap<>();

    private final Map<String, Integer> readers = new HashMap<>();
    private final List<Buffer> temporary = new ArrayList<>();
    /** Whether values that several ops read stay expressions, since all of it becomes one. */
    private boolean inOneExpression;

    Lowerer(Emitter emitter, Constants constants, Map<String, Long> symbols, Map<Composite, Lowered.Choice> choices) {
        this.emitter = emitter;
        this.constants = constants;
        this.symbols = symbols;
        this.choices = choices;
    }

    /** For a graph inside this one: a loop's body, or a part of a composite. */
    Lowerer inner() {
        return new Lowerer(emitter, constants, symbols, choices);
    }

    /** Lowers the graph's ops; its inputs must be defined. Its results stay defined. */
    void lower(Graph graph) {
        for (Op op : graph.ops()) {
            op.inputs().forEach(v -> readers.merge(v.id(), 1, Integer::sum));
        }
        graph.results().values().forEach(v -> readers.merge(v.id(), 1, Integer::sum));
        graph.inputs().stream().filter(v -> !readers.containsKey(v.id())).forEach(this::drop);
        for (Op op : graph.ops()) {
            emitter.at(op.label());
            lower(op);
            op.inputs().forEach(this::read);
            op.outputs().stream().filter(v -> !readers.containsKey(v.id())).forEach(this::drop);
            freeTemporary();
        }
    }

    void freeTemporary() {
        temporary.forEach(emitter::freeUnused);
        temporary.clear();
    }

    private void lower(Op op) {
        switch (op) {
            case Primitive p -> lower(p.op(), p.inputs(), p.outputs());
            case Scan s -> Loops.lower(this, s);
            case Composite c -> {
                Lowered.Choice choice = requireNonNull(choices.get(c), c.label());
                choice.lowering().lower(this, c, choice.parts());
            }
        }
    }

    private void lower(PrimitiveOp op, List<Value> in, List<Value> out) {
        Value y = out.getFirst();
        int[] dims = dims(y);
        switch (op) {
            case PrimitiveOp.Constant c -> unloaded.put(y.id(), c);
            case PrimitiveOp.Unary u ->
                elementwise(
                        y,
                        ImmutableList.of(in.get(0)),
                        args -> Codes.unary(u.kind(), y.type().dtype(), args[0]));
            case PrimitiveOp.Binary b ->
                elementwise(y, in, args -> Codes.binary(b.kind(), y.type().dtype(), args[0], args[1]));
            case PrimitiveOp.Where w -> elementwise(y, in, args -> Codes.where(args[0], args[1], args[2]));
            case PrimitiveOp.Cast c ->
                elementwise(y, ImmutableList.of(in.get(0)), args -> Codes.cast(c.dtype(), args[0]));
            case PrimitiveOp.Dequantize d -> define(y, get(in.get(0)));
            case PrimitiveOp.Iota i ->
                define(y, new Held(new Expr.Address(Access.dense(Rows.ABSOLUTE, 0, dims)), dims));
            case PrimitiveOp.SizeOf s ->
                define(y, new Held(new Expr.Whole(Math.toIntExact(s.dim().evaluate(symbols))), dims));
            case PrimitiveOp.Reshape r -> define(y, Views.reshape(this, in.get(0), dims));
            case PrimitiveOp.Broadcast b -> define(y, Views.broadcast(this, in.get(0), dims));
            case PrimitiveOp.Transpose t -> define(y, Views.transpose(get(in.get(0)), t.permutation(), dims));
            case PrimitiveOp.Slice s -> define(y, Views.slice(get(in.get(0)), s, dims));
            case PrimitiveOp.Concat c -> define(y, Views.concat(this, in, c.axis(), dims));
            case PrimitiveOp.Pad p -> define(y, Views.pad(this, in.get(0), p, dims));
            case PrimitiveOp.Gather g -> define(y, Views.gather(this, in, g.axis(), dims));
            case PrimitiveOp.GatherElements g -> define(y, Views.gatherElements(this, in, g.axis(), dims));
            case PrimitiveOp.ScatterAdd s -> define(y, Lines.scatterAdd(this, in, s.axis()));
            case PrimitiveOp.CumSum c -> define(y, Lines.runningSums(this, in.get(0), c));
            case PrimitiveOp.TopK t -> Lines.topK(this, in.get(0), out, t);
            case PrimitiveOp.Reduce r -> define(y, Reductions.reduce(this, in.get(0), r, dims));
            case PrimitiveOp.MatMul m -> define(y, Products.multiply(this, in.get(0), in.get(1), m.transposeB(), dims));
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
        if (readers.getOrDefault(composite.outputs().getFirst().id(), 0) > 1) {
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
        inner.lower(part);
        emitter.at(label);
        List<Value> results = ImmutableList.copyOf(part.results().values());
        for (int i = 0; i < results.size(); i++) {
            define(composite.outputs().get(i), inner.get(results.get(i)));
        }
        inner.dropAll();
    }

    // Values

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
        if (!values.containsKey(v.id()) && unloaded.get(v.id()) instanceof PrimitiveOp.Constant c) {
            define(v, constants.held(c.label(), c.value()));
        }
        return requireNonNull(values.get(v.id()), v.id());
    }

    /** Defines a value as one of the graph around this one. */
    void take(Value v, Lowerer outer, Value from) {
        Optional<PrimitiveOp.Constant> constant = outer.constant(from);
        if (constant.isPresent()) {
            unloaded.put(v.id(), constant.get());
        } else {
            define(v, outer.get(from));
        }
    }

    /** The constant that the value is, if it is one of this graph. */
    Optional<PrimitiveOp.Constant> constant(Value v) {
        return Optional.ofNullable(unloaded.get(v.id()));
    }

    /** Says what a value is: an expression that is computed once, for it is computed where it is read. */
    public void defineExpression(Value v, Held held) {
        define(v, held);
        if (readers.getOrDefault(v.id(), 0) > 1) {
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
        held.buffers().forEach(b -> b.references++);
        values.put(v.id(), held);
    }

    private void read(Value v) {
        if (readers.merge(v.id(), -1, Integer::sum) == 0) {
            drop(v);
        }
    }

    private void drop(Value v) {
        Held held = values.remove(v.id());
        if (held != null) {
            release(held);
        }
    }

    private void release(Held held) {
        held.buffers().forEach(b -> {
            b.references--;
            emitter.freeUnused(b);
        });
    }

    /** Whether the op that is being lowered is the last that reads the value. */
    public boolean isLastReader(Value v) {
        return requireNonNull(readers.get(v.id())) == 1;
    }

    /** Whether the value lies in memory of its own that nobody needs after this op. */
    public boolean mayOverwrite(Value v) {
        Held held = get(v);
        return isLastReader(v)
                && held.dense()
                        .filter(d -> d.buffer().base != Rows.ABSOLUTE && d.buffer().references == 1)
                        .filter(d -> d.access().offset() == d.buffer().offset)
                        .isPresent();
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
        values.values().forEach(this::release);
        values.clear();
        freeTemporary();
    }

    /** The value in memory: what it is from now on. */
    public Expr.Load stored(Value v) {
        Held held = get(v);
        if (held.stored().isPresent()) {
            return held.stored().get();
        }
        Expr.Load load = emitter.store(held);
        Held now = new Held(load, held.dims());
        now.buffers().forEach(b -> b.references++);
        values.put(v.id(), now);
        release(held);
        return load;
    }

    /** A value that has no name, in memory: freed after the op if no value comes to refer to it. */
    public Expr.Load stored(Held held) {
        return held.stored().orElseGet(() -> copy(held));
    }

    /** The value in memory of its own, row-major: freed after the op if no value comes to refer to it. */
    public Expr.Load copy(Held held) {
        Expr.Load load = emitter.store(held);
        temporary.add(load.buffer());
        return load;
    }

    /** New memory, freed after the op if no value comes to refer to it. */
    public Expr.Load allocate(boolean isFloat, int[] dims) {
        Buffer buffer = emitter.allocate(isFloat, Held.elements(dims));
        temporary.add(buffer);
        return new Expr.Load(buffer, Access.dense(buffer.base, buffer.offset, dims));
    }

    // Elementwise ops

    /** Makes an instruction of expressions. */
    interface Instruction {
        Expr of(Expr[] args);
    }

    private void elementwise(Value y, List<Value> in, Instruction instruction) {
        int[] dims = dims(y);
        long elements = Held.elements(dims);
        Expr[] args = new Expr[in.size()];
        for (int i = 0; i < args.length; i++) {
            Held x = get(in.get(i));
            long repeats = x.expr().products().isEmpty() ? 4 : 2;
            if (elements >= repeats * x.elements() && Codes.isCostly(x.expr())) {
                stored(in.get(i));
            }
        }
        for (int i = 0; i < args.length; i++) {
            args[i] = broadcast(in.get(i), dims);
        }
        Expr result = instruction.of(args);
        while (!Emitter.fits(result, MORE)) {
            int largest = 0;
            for (int i = 1; i < args.length; i++) {
                largest = size(args[i]) > size(args[largest]) ? i : largest;
            }
            stored(in.get(largest));
            for (int i = 0; i < args.length; i++) {
                args[i] = broadcast(in.get(i), dims);
            }
            result = instruction.of(args);
        }
        define(y, new Held(result, dims));
        // What several ops read is computed once, unless that is as cheap as to read it.
        if (readers.getOrDefault(y.id(), 0) > 1
                && !inOneExpression
                && (Codes.isCostly(result) || result.operands() > 1)) {
            stored(y);
        }
    }

    private static int size(Expr e) {
        return e.nodes().size() + Code.MOST * e.products().size();
    }

    private Expr broadcast(Value v, int[] dims) {
        Held held = get(v);
        return Arrays.equals(held.dims(), dims) ? held.expr() : held.expr().map(a -> a.broadcast(held.dims(), dims));
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

    /** An integer in memory of its own, for operands: the same for every index of one dimension. */
    public Expr.Load whole(int value) {
        Expr.Load load = copy(new Held(new Expr.Whole(value), new int[] {1}));
        return new Expr.Load(load.buffer(), load.access().zero(0));
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
    Expr number(float value, int rank) {
        Buffer buffer = constants.number(value);
        return new Expr.Load(
                buffer, Access.dense(buffer.base, buffer.offset, new int[0]).insert(0, rank));
    }
}
