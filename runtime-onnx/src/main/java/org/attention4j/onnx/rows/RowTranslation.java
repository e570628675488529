package org.attention4j.onnx.rows;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.emit.LoweringContext;
import org.attention4j.x86.RowFunction;
import org.attention4j.x86.RowFunction.Input;
import org.attention4j.x86.RowFunction.Step;

/** Makes a {@link RowFunction} of units, in order. All methods that say so tell by {@code false} or nothing that it can't be one. */
final class RowTranslation {
    private static final int NO_GROUP = 0;

    /** More would hardly be faster, and have no room on the stack. */
    private static final int MOST_NODES = 160;

    private final RowShape shape;
    private final LoweringContext context;
    private final Map<Value, Seen> seen = new HashMap<>();
    private final Map<Given, Integer> inputs = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private long group = NO_GROUP;

    /** What a value is in the function. */
    private sealed interface Seen {
        /** The result of a step, with the dims that it has here. */
        record Result(int node, List<Dim> dims) implements Seen {}

        /** A value from outside, with the dims that it has here. */
        record Outside(Value value, List<Dim> dims) implements Seen {}

        record Scalar(double value) implements Seen {}
    }

    /** An input: a value may be there in several ways. */
    private record Given(Value value, Input kind) {}

    /** A step or an input. */
    private sealed interface Node {
        record Source(int input, boolean isOfEntries) implements Node {}

        /** The operands are nodes. */
        record Computed(Step step, boolean isOfEntries) implements Node {}

        boolean isOfEntries();
    }

    RowTranslation(RowShape shape, LoweringContext context) {
        this.shape = shape;
        this.context = context;
    }

    /** Adds a unit, if it can be part of this; otherwise nothing changes. */
    boolean add(RowUnit unit) {
        int nodesBefore = nodes.size();
        int inputsBefore = inputs.size();
        long groupBefore = group;
        if (nodesBefore <= MOST_NODES && addAll(unit)) {
            return true;
        }
        nodes.subList(nodesBefore, nodes.size()).clear();
        inputs.values().removeIf(i -> i >= inputsBefore);
        group = groupBefore;
        return false;
    }

    /** Whether what this has and what the other has can have groups of one size. */
    boolean hasGroupsOf(RowTranslation other) {
        return group == NO_GROUP || other.group == NO_GROUP || group == other.group;
    }

    private boolean addAll(RowUnit unit) {
        Map<Value, Seen> local = new HashMap<>();
        List<Value> in = unit.primitives().inputs();
        for (int i = 0; i < in.size(); i++) {
            local.put(in.get(i), outer(unit.op().inputs().get(i)));
        }
        for (var op : unit.primitives().ops()) {
            Primitive p = (Primitive) op;
            List<Seen> operands =
                    p.inputs().stream().map(v -> requireNonNull(local.get(v))).toList();
            Optional<Seen> result = primitive(p, operands);
            if (result.isEmpty()) {
                return false;
            }
            local.put(p.outputs().getFirst(), result.get());
        }
        Value result = unit.primitives().results().values().iterator().next();
        seen.put(unit.op().outputs().getFirst(), requireNonNull(local.get(result)));
        return true;
    }

    private Seen outer(Value v) {
        Seen known = seen.get(v);
        if (known != null) {
            return known;
        }
        Optional<Tensor> number = context.constant(v).filter(t -> t.shape().elements() == 1);
        return number.isPresent()
                ? new Seen.Scalar(number.get().getDouble(0))
                : new Seen.Outside(v, v.type().dims());
    }

    private Optional<Seen> primitive(Primitive p, List<Seen> in) {
        List<Dim> dims = p.outputs().getFirst().type().dims();
        return switch (p.op()) {
            case PrimitiveOp.Constant(String label, Tensor t) -> Optional.of(new Seen.Scalar(t.getDouble(0)));
            case PrimitiveOp.Cast c -> Optional.of(in.getFirst());
            case PrimitiveOp.Reshape r -> reshaped(in.getFirst(), dims);
            case PrimitiveOp.Unary u ->
                node(in.getFirst(), dims).map(x -> compute(new Step.Unary(u.kind(), x), isOfEntries(x), dims));
            case PrimitiveOp.Binary b -> binary(b, in, dims);
            case PrimitiveOp.Reduce r ->
                reduce(r, in.getFirst(), p.inputs().getFirst().type().dims(), dims);
            default -> Optional.empty();
        };
    }

    /** What is computed stays a row: its leading dims are not taken apart, or put together with others. */
    private Optional<Seen> reshaped(Seen x, List<Dim> dims) {
        return switch (x) {
            case Seen.Result(int node, List<Dim> before) ->
                shape.rest(before).isPresent() == shape.rest(dims).isPresent()
                                && size(before) >= 0
                                && size(before) == size(dims)
                        ? Optional.of(new Seen.Result(node, dims))
                        : Optional.empty();
            case Seen.Outside(Value value, var before) -> Optional.of(new Seen.Outside(value, dims));
            case Seen.Scalar n -> Optional.of(n);
        };
    }

    /** Of a row. */
    private long size(List<Dim> dims) {
        return RowShape.product(shape.rest(dims).orElse(dims));
    }

    private Optional<Seen> binary(PrimitiveOp.Binary b, List<Seen> in, List<Dim> dims) {
        Optional<Integer> first = node(in.get(0), dims);
        Optional<Integer> second = first.flatMap(x -> node(in.get(1), dims));
        return second.map(y -> {
            int x = first.orElseThrow();
            return compute(new Step.Binary(b.kind(), x, y), isOfEntries(x) || isOfEntries(y), dims);
        });
    }

    private Optional<Seen> reduce(PrimitiveOp.Reduce r, Seen in, List<Dim> before, List<Dim> dims) {
        int first = before.size() - r.axes().size();
        for (int i = 0; i < r.axes().size(); i++) {
            if (!r.axes().contains(first + i)) {
                return Optional.empty();
            }
        }
        long size = RowShape.product(before.subList(first, before.size()));
        if (first < shape.leading().size() || !isGroup(size)) {
            return Optional.empty();
        }
        return node(in, before).filter(this::isOfEntries).map(x -> compute(new Step.Reduce(r.kind(), x), false, dims));
    }

    /** Whether groups are, or can be, of this size. */
    private boolean isGroup(long size) {
        if (size < 1 || shape.size() % size != 0 || (group != NO_GROUP && group != size)) {
            return false;
        }
        group = size;
        return true;
    }

    private Seen compute(Step step, boolean isOfEntries, List<Dim> dims) {
        nodes.add(new Node.Computed(step, isOfEntries));
        return new Seen.Result(nodes.size() - 1, dims);
    }

    private boolean isOfEntries(int node) {
        return nodes.get(node).isOfEntries();
    }

    /** A value as an operand of an elementwise op whose result has {@code dims}. */
    private Optional<Integer> node(Seen x, List<Dim> dims) {
        Optional<List<Dim>> rest = shape.rest(dims);
        int rank = rest.isPresent() ? shape.leading().size() : 0;
        long entries = RowShape.product(rest.orElse(dims));
        boolean hasEntries = entries == shape.size() || (rest.isEmpty() && isGroup(entries));
        if (!hasEntries && (group == NO_GROUP || entries * group != shape.size())) {
            return Optional.empty();
        }
        return switch (x) {
            case Seen.Scalar(double value) -> Optional.of(number(value));
            case Seen.Result(int node, List<Dim> own) ->
                RowPattern.of(own, dims, rank)
                        .filter(p -> fits(p, isOfEntries(node), hasEntries))
                        .map(p -> node);
            case Seen.Outside(Value value, List<Dim> own) ->
                RowPattern.of(own, dims, rank).flatMap(p -> outside(value, p, entries, hasEntries));
        };
    }

    /** Whether a result may be read so: as it was computed. */
    private boolean fits(RowPattern p, boolean isOfEntries, boolean hasEntries) {
        return switch (p.spread()) {
            case ENTRIES -> isOfEntries == hasEntries;
            case GROUPS -> !isOfEntries && hasEntries && isGroup(p.group());
            // Nothing but parameters gives entries that are the same for all rows.
            case ONE_GROUP -> isOfEntries && hasEntries && !p.isOfRows() && isGroup(p.group());
            case NUMBER -> false;
        };
    }

    private int number(double value) {
        nodes.add(new Node.Computed(new Step.Constant((float) value), false));
        return nodes.size() - 1;
    }

    private Optional<Integer> outside(Value value, RowPattern p, long entries, boolean hasEntries) {
        boolean isF32 = value.type().dtype() == DType.F32;
        boolean isWeight =
                context.constant(value).isPresent() && !value.type().dtype().isQuantized();
        if (!isF32 && !isWeight) {
            return Optional.empty();
        }
        Optional<Input> kind = input(p, entries, hasEntries);
        return kind.map(k -> {
            int input = inputs.computeIfAbsent(new Given(value, k), g -> inputs.size());
            nodes.add(new Node.Source(input, k == Input.ROWS || k == Input.ENTRIES || k == Input.ONE_GROUP));
            return nodes.size() - 1;
        });
    }

    private Optional<Input> input(RowPattern p, long entries, boolean hasEntries) {
        Input ofGroups = p.isOfRows() ? Input.ROWS_OF_GROUPS : Input.GROUPS;
        Input ofRow = entries == shape.size() ? Input.ENTRIES : Input.ONE_GROUP;
        Input ofEntries = p.isOfRows() ? Input.ROWS : ofRow;
        boolean isSpread = p.group() > 0 && hasEntries && isGroup(p.group());
        return switch (p.spread()) {
            case NUMBER -> Optional.of(Input.NUMBER);
            case ENTRIES -> Optional.of(hasEntries ? ofEntries : ofGroups);
            case GROUPS -> isSpread ? Optional.of(ofGroups) : Optional.empty();
            case ONE_GROUP -> isSpread && !p.isOfRows() ? Optional.of(Input.ONE_GROUP) : Optional.empty();
        };
    }

    /**
     * The function that computes some of the units' results.
     *
     * @return nothing if one of them is nothing that is computed, or there is no room for all
     */
    Optional<RowComposite> finish(List<Value> outputs) {
        List<Integer> wanted = new ArrayList<>();
        for (Value v : outputs) {
            if (!(seen.get(v) instanceof Seen.Result(int node, var dims) && nodes.get(node) instanceof Node.Computed)) {
                return Optional.empty();
            }
            wanted.add(node);
        }
        int[] numbers = new int[nodes.size()];
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            switch (nodes.get(i)) {
                case Node.Source(int input, boolean entries) -> numbers[i] = input;
                case Node.Computed(Step step, boolean entries) -> {
                    numbers[i] = inputs.size() + steps.size();
                    steps.add(step.renumbered(n -> numbers[n]));
                }
            }
        }
        List<Integer> distinct = wanted.stream().map(n -> numbers[n]).distinct().toList();
        RowFunction f = new RowFunction(
                Math.toIntExact(shape.size()),
                Math.toIntExact(group == NO_GROUP ? shape.size() : group),
                inputs.keySet().stream().map(Given::kind).toList(),
                steps,
                distinct);
        boolean hasRows = inputs.keySet().stream()
                .anyMatch(g -> shape.counts(g.kind(), g.value().type().dims()));
        return hasRows && f.fits()
                ? Optional.of(new RowComposite(
                        f,
                        inputs.keySet().stream().map(Given::value).toList(),
                        wanted.stream().map(n -> distinct.indexOf(numbers[n])).toList()))
                : Optional.empty();
    }
}
