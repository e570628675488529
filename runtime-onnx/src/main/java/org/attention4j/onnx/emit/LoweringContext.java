package org.attention4j.onnx.emit;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.Value;
import org.attention4j.core.quant.ReorderedColumns;
import org.attention4j.core.tensor.Tensor;

/** What a lowering may know besides the composite: the whole graph, what is around the composite, and the user's settings. */
public final class LoweringContext {
    private final Graph graph;
    private final boolean exactActivations;
    private final boolean keepsTypes;
    private final Optional<String> noGeneratedCode;
    private final boolean keepsBlocks;
    private final Supplier<Long> quantizedElements;
    private final Supplier<Map<Value, Tensor>> constants;

    private LoweringContext(
            Graph graph,
            boolean exactActivations,
            boolean keepsTypes,
            Optional<String> noGeneratedCode,
            boolean keepsBlocks,
            Supplier<Long> quantizedElements,
            Graph part) {
        this.graph = graph;
        this.exactActivations = exactActivations;
        this.keepsTypes = keepsTypes;
        this.noGeneratedCode = noGeneratedCode;
        this.keepsBlocks = keepsBlocks;
        this.quantizedElements = quantizedElements;
        this.constants = Suppliers.memoize(() -> constants(part));
    }

    /**
     * Of composites of the whole graph.
     *
     * @param exactActivations whether products with quantised weights take their other factor as it is, not rounded to 8 bits
     */
    public LoweringContext(Graph graph, boolean exactActivations) {
        this(graph, exactActivations, false);
    }

    /**
     * The same for a model that is to be kept.
     *
     * @param keepsTypes see {@link #keepsTypes()}
     */
    public LoweringContext(Graph graph, boolean exactActivations, boolean keepsTypes) {
        this(
                graph,
                exactActivations,
                keepsTypes,
                Optional.of("the model is for any machine"),
                false,
                Suppliers.memoize(() -> quantizedElements(graph)),
                graph);
    }

    /**
     * The same for a model that runs on this machine.
     *
     * @param noGeneratedCode why code can't be generated for it, unless it can
     * @param keepsBlocks see {@link #keepsBlocks()}
     */
    public LoweringContext here(Optional<String> noGeneratedCode, boolean keepsBlocks) {
        return new LoweringContext(
                graph, exactActivations, keepsTypes, noGeneratedCode, keepsBlocks, quantizedElements, graph);
    }

    /** The same for composites of {@code part}, which a lowering has put in place of one of the graph's. */
    public LoweringContext within(Graph part) {
        return new LoweringContext(
                graph, exactActivations, keepsTypes, noGeneratedCode, keepsBlocks, quantizedElements, part);
    }

    /** The whole graph, before anything in it was lowered. */
    public Graph graph() {
        return graph;
    }

    /** Whether products with quantised weights take their other factor as it is, not rounded to 8 bits. */
    public boolean exactActivations() {
        return exactActivations;
    }

    /**
     * Whether weights are stored in no more bits than they have, also where computing with them as F32 is faster: so it is in a
     * model's file, which is there to be kept.
     */
    public boolean keepsTypes() {
        return keepsTypes;
    }

    /** Why no code can be generated for the machine that the model runs on; empty if it can. */
    public Optional<String> noGeneratedCode() {
        return noGeneratedCode;
    }

    /** Whether block-quantised weights stay as they are also where they are so few that expanding them is best. */
    public boolean keepsBlocks() {
        return keepsBlocks;
    }

    /** How many elements the graph's block-quantised weights have. */
    public long quantizedElements() {
        return quantizedElements.get();
    }

    /** The tensor behind a value that is a constant of the composite's graph. */
    public Optional<Tensor> constant(Value value) {
        return Optional.ofNullable(constants.get().get(value));
    }

    private static long quantizedElements(Graph graph) {
        return constants(graph).values().stream()
                .filter(LoweringContext::isQuantized)
                .mapToLong(t -> t.shape().elements())
                .sum();
    }

    private static Map<Value, Tensor> constants(Graph graph) {
        ImmutableMap.Builder<Value, Tensor> constants = ImmutableMap.builder();
        for (Op op : graph.ops()) {
            if (op instanceof Primitive(PrimitiveOp.Constant(var label, Tensor t), var in, var out)) {
                constants.put(out.getFirst(), t);
            }
        }
        return constants.buildOrThrow();
    }

    /** Blocks, also with their columns in another order, also in a stack. */
    private static boolean isQuantized(Tensor t) {
        boolean isStack = t.shape().rank() == 3 && t.shape().dim(0) > 0;
        return t.dtype().isQuantized()
                || ReorderedColumns.of(isStack ? t.entry(0) : t).isPresent();
    }
}
