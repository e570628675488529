package org.attention4j.loaders.onnx.pattern;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.Value;
import org.jspecify.annotations.Nullable;

/** A graph as patterns look at it: from a value back to what made it. */
final class Source {
    private final Map<Value, Op> producers = new HashMap<>();
    private final Map<Value, Integer> uses = new HashMap<>();

    Source(Graph graph) {
        for (Op op : graph.ops()) {
            op.outputs().forEach(v -> producers.put(v, op));
            op.inputs().forEach(v -> uses.merge(v, 1, Integer::sum));
        }
        graph.results().values().forEach(v -> uses.merge(v, 1, Integer::sum));
    }

    /** What made a value; none made an input. */
    @Nullable
    Op producer(Value v) {
        return producers.get(v);
    }

    /** Whether one op reads the value, and no result is it. */
    boolean usedOnce(Value v) {
        return uses.getOrDefault(v, 0) == 1;
    }

    /** The inputs of the primitive that made a value, if it is of this class. */
    Optional<List<Value>> inputs(Value v, Class<? extends PrimitiveOp> kind) {
        return producer(v) instanceof Primitive p && kind.isInstance(p.op())
                ? Optional.of(p.inputs())
                : Optional.empty();
    }

    /** The operands, if a binary function of this kind made the value. */
    Optional<List<Value>> binary(Value v, BinaryKind kind) {
        return producer(v) instanceof Primitive(PrimitiveOp.Binary(BinaryKind k), List<Value> in, List<Value> out)
                        && k == kind
                ? Optional.of(in)
                : Optional.empty();
    }

    /** The operand, if a unary function of this kind made the value. */
    Optional<Value> unary(Value v, UnaryKind kind) {
        return producer(v) instanceof Primitive(PrimitiveOp.Unary(UnaryKind k), List<Value> in, List<Value> out)
                        && k == kind
                ? Optional.of(in.getFirst())
                : Optional.empty();
    }

    /** The composite that made a value, if its op is of this class. */
    Optional<Composite> composite(Value v, Class<? extends CompositeOp> kind) {
        return producer(v) instanceof Composite c && kind.isInstance(c.op()) ? Optional.of(c) : Optional.empty();
    }

    /** The value before casts between float types. */
    Value uncast(Value v) {
        Value x = v;
        while (producer(x) instanceof Primitive(PrimitiveOp.Cast cast, List<Value> in, List<Value> out)
                && cast.dtype().isFloat()
                && in.getFirst().type().dtype().isFloat()) {
            x = in.getFirst();
        }
        return x;
    }

    /** The number that all entries of a value are, if it is made of a tensor of one element. */
    OptionalDouble scalar(Value v) {
        Value x = v;
        while (producer(x) instanceof Primitive p) {
            switch (p.op()) {
                case PrimitiveOp.Constant c -> {
                    return c.value().shape().elements() == 1
                                    && !c.value().dtype().isQuantized()
                            ? OptionalDouble.of(c.value().getDouble(0))
                            : OptionalDouble.empty();
                }
                case PrimitiveOp.Cast c -> x = p.inputs().getFirst();
                case PrimitiveOp.Reshape r -> x = p.inputs().getFirst();
                case PrimitiveOp.Broadcast r -> x = p.inputs().getFirst();
                default -> {
                    return OptionalDouble.empty();
                }
            }
        }
        return OptionalDouble.empty();
    }

    /** Whether a value is near a number, as float32 has it. */
    boolean is(Value v, double number) {
        OptionalDouble scalar = scalar(v);
        return scalar.isPresent() && near(scalar.getAsDouble(), number);
    }

    /** Within what half precision makes of a number. */
    static boolean near(double x, double number) {
        return Math.abs(x - number) <= 1e-3 * Math.abs(number);
    }

    /** One of two operands that is this number, and the other. */
    Optional<Value> other(List<Value> operands, double number) {
        if (is(operands.get(1), number)) {
            return Optional.of(operands.get(0));
        }
        return is(operands.get(0), number) ? Optional.of(operands.get(1)) : Optional.empty();
    }

    /** x, if the value is x times a number that is known. */
    Optional<Scaled> scaled(Value v) {
        Optional<List<Value>> product = binary(v, BinaryKind.MUL);
        if (product.isPresent()) {
            Value a = product.get().get(0);
            Value b = product.get().get(1);
            if (keepsDims(v, a) && scalar(b).isPresent()) {
                return Optional.of(new Scaled(a, scalar(b).getAsDouble()));
            }
            if (keepsDims(v, b) && scalar(a).isPresent()) {
                return Optional.of(new Scaled(b, scalar(a).getAsDouble()));
            }
        }
        return binary(v, BinaryKind.DIV)
                .filter(in -> keepsDims(v, in.get(0)) && scalar(in.get(1)).isPresent())
                .map(in -> new Scaled(in.get(0), 1 / scalar(in.get(1)).getAsDouble()));
    }

    private static boolean keepsDims(Value v, Value x) {
        return v.type().dims().equals(x.type().dims());
    }

    /** A value that is another one times a number. */
    record Scaled(Value x, double factor) {}

    /** Whether two values are the same, or made alike of the same. */
    boolean same(Value a, Value b) {
        return same(a, b, 4);
    }

    private boolean same(Value a, Value b, int depth) {
        Value x = uncast(a);
        Value y = uncast(b);
        if (x.equals(y)) {
            return true;
        }
        if (depth > 0
                && producer(x) instanceof Primitive p
                && producer(y) instanceof Primitive q
                && p.op().equals(q.op())
                && p.inputs().size() == q.inputs().size()) {
            for (int i = 0; i < p.inputs().size(); i++) {
                if (!same(p.inputs().get(i), q.inputs().get(i), depth - 1)) {
                    return false;
                }
            }
            return true;
        }
        return false;
    }

    /** The vector that a value with leading dims of 1 is. */
    static boolean isVector(Value v, Dim size) {
        List<Dim> dims = v.type().dims();
        for (int i = 0; i < dims.size() - 1; i++) {
            if (!dims.get(i).equals(Dim.of(1))) {
                return false;
            }
        }
        return !dims.isEmpty() && dims.getLast().equals(size);
    }
}
