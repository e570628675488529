package org.attention4j.onnx.rows;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.x86.RowFunction;

/**
 * Ops of a graph as one.
 *
 * @param function what they compute together
 * @param leading the dims that the rows are
 * @param given the inputs' values in that graph
 * @param ops the ops
 * @param results the results' values in that graph
 * @param outputs of each result, which output of the function it is; one may have several dims
 */
record FusedRows(
        RowFunction function,
        List<Dim> leading,
        List<Value> given,
        List<Op> ops,
        List<Value> results,
        List<Integer> outputs)
        implements CompositeOp {
    static final String NAME = "fused_rows";

    FusedRows {
        leading = ImmutableList.copyOf(leading);
        given = ImmutableList.copyOf(given);
        ops = ImmutableList.copyOf(ops);
        results = ImmutableList.copyOf(results);
        outputs = ImmutableList.copyOf(outputs);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> inputNames() {
        return IntStream.range(0, given.size()).mapToObj(i -> "x" + i).toList();
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        return results.stream().map(Value::type).toList();
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
        Map<Value, Value> now = new HashMap<>();
        for (int i = 0; i < given.size(); i++) {
            now.put(given.get(i), inputs.get(i));
        }
        for (Op op : ops) {
            List<Value> in = op.inputs().stream()
                    .map(v -> requireNonNull(now.get(v), v.id()))
                    .toList();
            List<Value> out = switch (op) {
                case Primitive p -> b.primitive(p.op(), in);
                case Composite c -> b.call(c.op(), in);
                default -> throw new IllegalStateException(op.label());
            };
            for (int i = 0; i < out.size(); i++) {
                now.put(op.outputs().get(i), out.get(i));
            }
        }
        return results.stream().map(v -> requireNonNull(now.get(v))).toList();
    }
}
