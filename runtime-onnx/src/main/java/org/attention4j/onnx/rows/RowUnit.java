package org.attention4j.onnx.rows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Expansion;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.x86.RowFunction;

/**
 * An op that may be part of a row function.
 *
 * @param primitives what it means; inputs and results are in the op's order
 */
record RowUnit(Op op, Graph primitives) {
    /** Whether it only gives elements other dims. */
    boolean isReshape() {
        return op instanceof Primitive p && p.op() instanceof PrimitiveOp.Reshape;
    }

    /** The units of a graph's ops. */
    static final class Finder {
        private final Map<List<Object>, Optional<Graph>> known = new HashMap<>();

        /** The unit of an op, if it is made of what row functions have. */
        Optional<RowUnit> find(Op op) {
            if (op.outputs().size() != 1 || op.outputs().getFirst().type().dtype() != DType.F32) {
                return Optional.empty();
            }
            return switch (op) {
                case Primitive p when isPart(p.op()) -> unit(p, p.op());
                case Composite c when c.inputs().stream().noneMatch(Finder::isMatrix) -> unit(c, c.op());
                default -> Optional.empty();
            };
        }

        private Optional<RowUnit> unit(Op op, Object kind) {
            List<TensorType> types = op.inputs().stream().map(Value::type).toList();
            return known.computeIfAbsent(List.of(kind, types), k -> primitives(kind, types))
                    .map(graph -> new RowUnit(op, graph));
        }

        /** Weights of products: what reads them is no row function, and need not be taken apart to see that. */
        private static boolean isMatrix(Value v) {
            List<Dim> dims = v.type().dims();
            return v.type().dtype().isQuantized()
                    || (dims.size() >= 2
                            && dims.get(0) instanceof Dim.Fixed(long rows)
                            && rows > 1
                            && dims.get(1) instanceof Dim.Fixed(long columns)
                            && columns > 1);
        }

        private static Optional<Graph> primitives(Object kind, List<TensorType> types) {
            GraphBuilder b = new GraphBuilder("rows");
            List<Value> in = new ArrayList<>();
            for (int i = 0; i < types.size(); i++) {
                in.add(b.input("in" + i, types.get(i)));
            }
            List<Value> out = kind instanceof CompositeOp op ? b.call(op, in) : b.primitive((PrimitiveOp) kind, in);
            b.result("out", out.getFirst());
            Graph graph = Expansion.toPrimitives(b.build());
            boolean isPart = graph.ops().stream().allMatch(op -> op instanceof Primitive p && isPart(p.op()));
            return isPart ? Optional.of(graph) : Optional.empty();
        }

        private static boolean isPart(PrimitiveOp op) {
            return switch (op) {
                case PrimitiveOp.Unary u -> RowFunction.supports(u.kind());
                case PrimitiveOp.Binary b -> RowFunction.supports(b.kind());
                case PrimitiveOp.Reduce r -> RowFunction.supports(r.kind());
                case PrimitiveOp.Reshape r -> true;
                case PrimitiveOp.Cast c -> c.dtype() == DType.F32;
                case PrimitiveOp.Constant c -> c.value().shape().elements() == 1;
                default -> false;
            };
        }
    }
}
