package org.attention4j.loaders.onnx;

import static java.util.Objects.requireNonNull;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.Scan;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Linear;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;

/**
 * What is made of groups of rows, as a loop over the rows: each step takes the constants of its row's group out of stacks of those
 * of all groups. The groups must be made alike, and each row by itself.
 */
final class RowLoop {
    /** The number of rows in a group. */
    static final Dim ROWS = Dim.symbol("group#rows");

    private static final int LARGEST_COMPARED = 64;

    private final String what;
    private final List<Graph> groups;

    /**
     * Of groups.
     *
     * @param what for messages
     * @param groups for each of them, from rows {@code [ROWS, …]} to rows
     */
    RowLoop(String what, List<Graph> groups) {
        this.what = what;
        this.groups = groups;
        groups.forEach(g -> requireSame(groups.getFirst(), g));
        groups.getFirst().ops().forEach(this::requireRowByRow);
        TensorType y = result(groups.getFirst()).type();
        if (y.rank() < 1 || !y.dim(0).equals(ROWS)) {
            throw refused("of rows %s is made".formatted(y));
        }
    }

    private ImportException refused(String why) {
        return ImportException.unsupported("%s: groups of rows whose sizes depend on values: %s", what, why);
    }

    private static Value result(Graph g) {
        return g.results().values().iterator().next();
    }

    /** Appends the loop: {@code rows [n, …]}, {@code counts I64[groups]}. */
    Value write(GraphBuilder b, Value rows, Value counts) {
        Dim n = rows.type().dim(0);
        Dim one = Dim.of(1);
        Value ends = b.reshape(b.cumSum(b.cast(counts, DType.I64), 0, false, false), one, Dim.of(groups.size()));
        Value ended = b.binary(PrimitiveOp.BinaryKind.LESS_EQUAL, ends, b.reshape(b.iota(n), n, one));
        Value ids = b.reduce(PrimitiveOp.ReduceKind.SUM, b.cast(ended, DType.I64), false, 1);
        List<Value> in = new ArrayList<>(List.of(b.unsqueeze(rows, 1), ids));
        List<Op> ops = groups.getFirst().ops();
        Map<Value, Integer> stacked = new HashMap<>();
        for (int i = 0; i < ops.size(); i++) {
            Optional<Tensor> stack = stack(i);
            if (stack.isPresent()) {
                stacked.put(ops.get(i).outputs().getFirst(), in.size());
                in.add(b.constant("stack", stack.get()));
            }
        }
        Value y = b.scan(step(in, stacked), 0, 2, 0, in).getFirst();
        List<Dim> dims = new ArrayList<>(y.type().dims());
        dims.remove(1);
        return b.reshape(y, dims);
    }

    /** The constant that op {@code i} is in each group, one below the other; empty if it is none, or the same in all of them. */
    private Optional<Tensor> stack(int i) {
        List<Tensor> tensors =
                groups.stream().flatMap(g -> constant(g.ops().get(i))).toList();
        if (tensors.isEmpty() || tensors.stream().allMatch(t -> same(t, tensors.getFirst()))) {
            return Optional.empty();
        }
        return Optional.of(Tensor.stack(what, tensors));
    }

    private static boolean same(Tensor a, Tensor b) {
        if (a == b) {
            return true;
        }
        boolean small = a.shape().elements() <= LARGEST_COMPARED && !a.dtype().isQuantized();
        return small
                && a.dtype() == b.dtype()
                && a.shape().equals(b.shape())
                && MemorySegment.mismatch(
                                a.data(),
                                0,
                                a.data().byteSize(),
                                b.data(),
                                0,
                                b.data().byteSize())
                        < 0;
    }

    private static Stream<Tensor> constant(Op op) {
        return op instanceof Primitive p && p.op() instanceof PrimitiveOp.Constant(String label, Tensor tensor)
                ? Stream.of(tensor)
                : Stream.empty();
    }

    private Graph step(List<Value> in, Map<Value, Integer> stacked) {
        Graph group = groups.getFirst();
        GraphBuilder b = new GraphBuilder("row");
        List<Value> given = new ArrayList<>();
        for (int i = 0; i < in.size(); i++) {
            TensorType type = in.get(i).type();
            given.add(b.input("in." + i, i < 2 ? type.without(0) : type));
        }
        Map<Value, Value> now = new HashMap<>();
        now.put(group.inputs().getFirst(), given.get(0));
        for (Op op : group.ops()) {
            Integer at = stacked.get(op.outputs().getFirst());
            List<Value> out = at != null
                    ? List.of(b.gather(given.get(at), given.get(1), 0))
                    : copy(b, op, op.inputs().stream().map(now::get).toList());
            for (int i = 0; i < out.size(); i++) {
                now.put(op.outputs().get(i), out.get(i));
            }
        }
        b.result("y", requireNonNull(now.get(result(group))));
        return b.build();
    }

    private List<Value> copy(GraphBuilder b, Op op, List<Value> in) {
        return switch (op) {
            case Primitive(PrimitiveOp.Reshape(List<Dim> dims), List<Value> before, List<Value> out) ->
                List.of(b.reshape(in.getFirst(), ofOneRow(dims)));
            case Primitive(PrimitiveOp.Broadcast(List<Dim> dims), List<Value> before, List<Value> out) ->
                List.of(b.broadcast(in.getFirst(), ofOneRow(dims)));
            case Primitive p -> b.primitive(p.op(), in);
            case Composite c -> b.call(c.op(), in);
            case Scan s -> throw refused("a loop");
        };
    }

    private static List<Dim> ofOneRow(List<Dim> dims) {
        return dims.stream().map(d -> d.equals(ROWS) ? Dim.of(1) : d).toList();
    }

    /** Whether two groups are made by the same ops of the same values, but for what constants hold. */
    private void requireSame(Graph a, Graph b) {
        Map<Value, Value> places = new HashMap<>();
        places.put(a.inputs().getFirst(), b.inputs().getFirst());
        boolean same = a.inputs().size() == 1
                && b.inputs().size() == 1
                && a.ops().size() == b.ops().size();
        for (int i = 0; same && i < a.ops().size(); i++) {
            Op x = a.ops().get(i);
            Op y = b.ops().get(i);
            same = kind(x).equals(kind(y))
                    && x.inputs().stream().map(places::get).toList().equals(y.inputs())
                    && types(x).equals(types(y));
            for (int o = 0; same && o < x.outputs().size(); o++) {
                places.put(x.outputs().get(o), y.outputs().get(o));
            }
        }
        if (!same || !result(b).equals(places.get(result(a)))) {
            throw refused("they are not made alike");
        }
    }

    private static List<TensorType> types(Op op) {
        return op.outputs().stream().map(Value::type).toList();
    }

    private static Object kind(Op op) {
        return switch (op) {
            case Primitive p -> p.op() instanceof PrimitiveOp.Constant ? "constant" : p.op();
            case Composite c -> c.op();
            case Scan s -> s;
        };
    }

    /** That a row of the result depends on the same row alone. */
    private void requireRowByRow(Op op) {
        boolean ofRows = op.outputs().stream().anyMatch(v -> RowLoop.isOfRows(v.type()));
        boolean reads = op.inputs().stream().anyMatch(v -> RowLoop.isOfRows(v.type()));
        if (!ofRows && !reads) {
            return;
        }
        boolean kept = op.outputs().stream()
                .allMatch(v -> v.type().rank() > 0 && v.type().dim(0).equals(ROWS));
        boolean right = switch (op) {
            case Primitive(PrimitiveOp.MatMul m, List<Value> in, List<Value> out) ->
                !isOfRows(in.get(1).type());
            case Primitive p -> axis(p.op()).orElse(1) != 0;
            case Composite c -> c.op() instanceof Linear;
            case Scan s -> false;
        };
        if (!kept || !right) {
            throw refused("rows are not taken one by one (%s)".formatted(op.name()));
        }
    }

    private static boolean isOfRows(TensorType type) {
        return type.dims().stream().anyMatch(d -> DimAlgebra.symbols(d).contains("group#rows"));
    }

    /** The axis along which entries are combined or chosen; 0 of ops that may do so along any. */
    private static OptionalInt axis(PrimitiveOp op) {
        return switch (op) {
            case PrimitiveOp.Constant c -> OptionalInt.empty();
            case PrimitiveOp.Unary u -> OptionalInt.empty();
            case PrimitiveOp.Binary b -> OptionalInt.empty();
            case PrimitiveOp.Where w -> OptionalInt.empty();
            case PrimitiveOp.Cast c -> OptionalInt.empty();
            case PrimitiveOp.Dequantize d -> OptionalInt.empty();
            case PrimitiveOp.MatMul m -> OptionalInt.empty();
            case PrimitiveOp.Reshape r -> OptionalInt.empty();
            case PrimitiveOp.Broadcast r -> OptionalInt.empty();
            case PrimitiveOp.Reduce r -> r.axes().stream().mapToInt(a -> a).min();
            case PrimitiveOp.Gather g -> OptionalInt.of(g.axis());
            case PrimitiveOp.Slice s -> OptionalInt.of(s.axis());
            case PrimitiveOp.Concat c -> OptionalInt.of(c.axis());
            case PrimitiveOp.Transpose t -> OptionalInt.of(t.permutation().getFirst() == 0 ? 1 : 0);
            default -> OptionalInt.of(0);
        };
    }
}
