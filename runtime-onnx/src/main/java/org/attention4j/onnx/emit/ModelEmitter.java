package org.attention4j.onnx.emit;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Decomposer;
import org.attention4j.core.ir.Expansion;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.Scan;
import org.attention4j.core.ir.Value;
import org.attention4j.onnx.custom.CustomOps;
import org.attention4j.onnx.proto.ModelProto;
import org.attention4j.onnx.proto.NodeProto;
import org.attention4j.onnx.proto.OperatorSetIdProto;

/** Writes a whole graph as an ONNX model. */
public final class ModelEmitter {
    /** The version of ONNX's operators that is written. */
    public static final int OPSET = 24;

    private static final int IR_VERSION = 10;

    private final LoweringContext context;
    private final Function<Composite, Optional<OnnxLowering>> lowerings;
    private final UnaryOperator<Graph> expansion;

    /**
     * For one graph, and others that its lowerings make.
     *
     * @param lowerings gives the lowering of every composite that is left in an expanded graph
     * @param expansion puts decompositions in place of all other composites
     */
    public ModelEmitter(
            LoweringContext context,
            Function<Composite, Optional<OnnxLowering>> lowerings,
            UnaryOperator<Graph> expansion) {
        this.context = context;
        this.lowerings = lowerings;
        this.expansion = expansion;
    }

    /** With {@code lowerings} that can tell of every composite whether it has one. */
    public ModelEmitter(LoweringContext context, Function<Composite, Optional<OnnxLowering>> lowerings) {
        this(
                context,
                lowerings,
                graph -> Expansion.expand(
                        graph,
                        c -> lowerings.apply(c).isPresent() ? Optional.empty() : Decomposer.ALL.decompositionOf(c)));
    }

    /**
     * The model, and what its runner must know.
     *
     * @param proto refers to the weights by name of the side file
     * @param states what it does with the memory of states
     */
    public record Emitted(ModelProto proto, StateUse states) {}

    /** Writes {@code graph}, whose composites all have a lowering. */
    public Emitted emit(Graph graph, WeightStore weights) {
        OnnxWriter w = new OnnxWriter(graph, context, weights, this);
        graph.ops().forEach(op -> emit(w, op));
        graph.results().forEach(w::result);
        w.states().inPlace().forEach(state -> requireOneReader(state, w.readers(graph.input(state))));
        ModelProto.Builder proto = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("attention4j")
                .setGraph(w.build())
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
                .addOpsetImport(OperatorSetIdProto.newBuilder()
                        .setDomain("com.microsoft")
                        .setVersion(1));
        if (usesCustomOps(proto.getGraph().getNodeList())) {
            proto.addOpsetImport(
                    OperatorSetIdProto.newBuilder().setDomain(CustomOps.DOMAIN).setVersion(1));
        }
        return new Emitted(proto.build(), w.states());
    }

    private static boolean usesCustomOps(List<NodeProto> nodes) {
        return nodes.stream()
                .anyMatch(n -> n.getDomain().equals(CustomOps.DOMAIN)
                        || n.getAttributeList().stream()
                                .anyMatch(a -> usesCustomOps(a.getG().getNodeList())));
    }

    /** Writes the ops of any graph in place; its inputs are values of these names. Returns the names of its results. */
    List<String> inline(OnnxWriter w, Graph graph, List<String> inputs) {
        Graph expanded = expansion.apply(graph);
        OnnxWriter inner = OnnxWriter.inline(expanded, w);
        for (int i = 0; i < inputs.size(); i++) {
            inner.bind(expanded.inputs().get(i), inputs.get(i));
        }
        expanded.ops().forEach(op -> emit(inner, op));
        return expanded.results().values().stream().map(inner::name).toList();
    }

    /** ONNX Runtime does not know that a state's memory is overwritten: a second reader might come too late. */
    private static void requireOneReader(String state, List<Op> readers) {
        if (readers.size() != 1) {
            throw new BackendException("onnx: state %s is updated in place, but read by %s; expected one reader"
                    .formatted(state, readers.stream().map(Op::label).toList()));
        }
    }

    /** Writes one op of the writer's graph. */
    void emit(OnnxWriter w, Op op) {
        if (w.isBound(op.outputs().getFirst())) {
            return;
        }
        List<String> names = switch (op) {
            case Primitive p -> new PrimitiveEmitter(w).emit(p);
            case Scan s -> scan(w, s);
            case Composite c ->
                lowerings
                        .apply(c)
                        .orElseThrow(() -> new IllegalStateException(c.label() + " has no lowering"))
                        .emit(w, c);
        };
        for (int i = 0; i < names.size(); i++) {
            w.bind(op.outputs().get(i), names.get(i));
        }
    }

    private List<String> scan(OnnxWriter w, Scan s) {
        OnnxWriter body = new OnnxWriter(s.body(), w);
        int passed = s.numCarried() + s.numScanned();
        List<Value> formal = s.body().inputs();
        for (int i = 0; i < formal.size(); i++) {
            if (i < passed) {
                body.bodyInput(formal.get(i));
            } else {
                body.bind(formal.get(i), w.name(s.inputs().get(i)));
            }
        }
        s.body().ops().forEach(op -> emit(body, op));
        for (Value result : s.body().results().values()) {
            body.result(body.unique("scan_result"), result);
        }
        List<String> inputs = new ArrayList<>();
        s.inputs().subList(0, passed).forEach(v -> inputs.add(w.name(v)));
        long[] inputAxes = new long[s.numScanned()];
        Arrays.fill(inputAxes, s.axis());
        long[] outputAxes = new long[s.outputs().size() - s.numCarried()];
        Arrays.fill(outputAxes, s.axis());
        return ImmutableList.copyOf(w.ops(
                "",
                "Scan",
                inputs,
                s.outputs().size(),
                Attributes.of("num_scan_inputs", (long) s.numScanned()),
                Attributes.of("scan_input_axes", inputAxes),
                Attributes.of("scan_output_axes", outputAxes),
                Attributes.of("body", body.build())));
    }
}
