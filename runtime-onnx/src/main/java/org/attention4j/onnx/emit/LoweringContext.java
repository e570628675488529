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
 * @param part where the composite is: the whole, or what a lowering has put in place of one of its composites
 * @param exactActivations whether products with quantised weights take their other factor as it is, not rounded to 8 bits
 */
public record LoweringContext(Graph graph, Graph part, boolean exactActivations) {
    /** Of composites of the whole graph. */
    public LoweringContext(Graph graph, boolean exactActivations) {
        this(graph, graph, exactActivations);
    }

    /** The same for composites of {@code inner}, which a lowering has put in place of one of the graph's. */
    public LoweringContext within(Graph inner) {
        return new LoweringContext(graph, inner, exactActivations);
    }

    /** How many elements the graph's block-quantised weights have. */
    public long quantizedElements() {
        long elements = 0;
        for (Op op : graph.ops()) {
            if (op instanceof Primitive(PrimitiveOp.Constant(var label, Tensor t), var in, var out) && isQuantized(t)) {
                elements += t.shape().elements();
            }
        }
        return elements;
    }

    /** Blocks, also with their columns in another order, also in a stack. */
    private static boolean isQuantized(Tensor t) {
        boolean isStack = t.shape().rank() == 3 && t.shape().dim(0) > 0;
        return t.dtype().isQuantized()
                || ReorderedColumns.of(isStack ? t.entry(0) : t).isPresent();
    }

    /** The tensor behind a value that is a constant of the composite's graph. */
    public Optional<Tensor> constant(Value value) {
        for (Op op : part.ops()) {
            if (op.outputs().contains(value)) {
                return op instanceof Primitive(PrimitiveOp.Constant(var label, Tensor t), var in, var out)
                        ? Optional.of(t)
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }
}
