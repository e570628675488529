package org.attention4j.onnx.emit;

import java.util.Optional;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.Value;
import org.attention4j.core.quant.ReorderedColumns;
import org.attention4j.core.tensor.Tensor;

/**
 * What a lowering may know besides the composite.
 *
 * @param graph the whole graph, before anything in it was lowered
 * @param exactActivations whether products with quantised weights take their other factor as it is, not rounded to 8 bits
 */
public record LoweringContext(Graph graph, boolean exactActivations) {
    /** How many elements the graph's block-quantised weights have. */
    public long quantizedElements() {
        long elements = 0;
        for (Op op : graph.ops()) {
            if (op instanceof Primitive(PrimitiveOp.Constant(var label, Tensor t), var in, var out)
                    && (t.dtype().isQuantized() || ReorderedColumns.of(t).isPresent())) {
                elements += t.shape().elements();
            }
        }
        return elements;
    }

    /** The tensor behind a value that is a constant of the graph. */
    public Optional<Tensor> constant(Value value) {
        for (Op op : graph.ops()) {
            if (op.outputs().contains(value)) {
                return op instanceof Primitive(PrimitiveOp.Constant(var label, Tensor t), var in, var out)
                        ? Optional.of(t)
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }
}
