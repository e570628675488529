package org.attention4j.loaders.onnx.op;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.onnx.Imported;
import org.attention4j.loaders.onnx.LoopBody;
import org.attention4j.loaders.onnx.OnnxNode;
import org.attention4j.loaders.onnx.OnnxOperators;
import org.attention4j.loaders.onnx.OperatorTable;
import org.attention4j.onnx.proto.GraphProto;

/** Branches that are known before the graph runs, and loops of a length that is known when it begins. */
@AutoService(OnnxOperators.class)
public final class ControlFlowOps implements OnnxOperators {
    private static final String THEN = "then_branch";
    private static final String ELSE = "else_branch";

    /** With this property the exporter here says which branch is right in both cases; the other one is only faster. */
    private static final String GENERAL_BRANCH = "attention4j.general_branch";

    @Override
    public void addTo(OperatorTable table) {
        table.add(OperatorTable.ONNX, "If", ControlFlowOps::branch);
        table.add(OperatorTable.ONNX, "Scan", ControlFlowOps::scan);
        table.add(OperatorTable.ONNX, "Loop", ControlFlowOps::loop);
    }

    private static List<Imported> branch(OnnxNode n) {
        String branch = n.constant(0)
                .map(t -> t.getLong(0) != 0 ? THEN : ELSE)
                .or(() -> n.metadata(GENERAL_BRANCH).filter(b -> b.equals(THEN) || b.equals(ELSE)))
                .orElseThrow(() -> n.unsupported("its condition is only known when the graph runs"));
        return n.inline(n.attributes().graph(branch), List.of());
    }

    private static List<Imported> scan(OnnxNode n) {
        GraphProto graph = n.attributes().graph("body");
        int numScanned = Math.toIntExact(n.attribute("num_scan_inputs", 0L));
        int numCarried = n.numInputs() - numScanned;
        if (numScanned < 1 || numCarried < 0) {
            throw n.broken("num_scan_inputs is %d of %d inputs", numScanned, n.numInputs());
        }
        GraphBuilder b = n.builder();
        List<Value> carried = new ArrayList<>();
        List<Value> scanned = new ArrayList<>();
        for (int i = 0; i < n.numInputs(); i++) {
            if (i < numCarried) {
                carried.add(n.input(i));
            } else {
                int axis = n.axis(
                        at(n, "scan_input_axes", i - numCarried), n.type(i).rank());
                scanned.add(along(b, toFront(b, n.input(i), axis), at(n, "scan_input_directions", i - numCarried)));
            }
        }
        List<Value> out = loop(n, graph, carried, scanned);
        for (int i = numCarried; i < out.size(); i++) {
            int k = i - numCarried;
            Value y = along(b, out.get(i), at(n, "scan_output_directions", k));
            out.set(
                    i,
                    fromFront(
                            b, y, n.axis(at(n, "scan_output_axes", k), y.type().rank())));
        }
        return OnnxNode.computed(out);
    }

    private static long at(OnnxNode n, String attribute, int i) {
        return n.attributes()
                .integers(attribute)
                .map(list -> i < list.size() ? list.get(i) : 0L)
                .orElse(0L);
    }

    /** In the other direction if that is 1. */
    private static Value along(GraphBuilder b, Value x, long direction) {
        if (direction == 0) {
            return x;
        }
        Dim length = x.type().dim(0);
        return b.gather(x, b.sub(b.add(b.sizeOf(length), b.scalar(DType.I64, -1)), b.iota(length)), 0);
    }

    private static Value toFront(GraphBuilder b, Value x, int axis) {
        int[] permutation = IntStream.range(0, x.type().rank())
                .map(i -> i == 0 ? axis : i <= axis ? i - 1 : i)
                .toArray();
        return axis == 0 ? x : b.transpose(x, permutation);
    }

    private static Value fromFront(GraphBuilder b, Value x, int axis) {
        int[] permutation = IntStream.range(0, x.type().rank())
                .map(i -> i < axis ? i + 1 : i == axis ? 0 : i)
                .toArray();
        return axis == 0 ? x : b.transpose(x, permutation);
    }

    /** The carried values after the last step, and what every step gives, stacked. */
    private static List<Value> loop(OnnxNode n, GraphProto graph, List<Value> carried, List<Value> scanned) {
        Dim length = scanned.getFirst().type().dim(0);
        scanned.forEach(v -> n.equal(v.type().dim(0), length));
        List<TensorType> types = new ArrayList<>();
        carried.forEach(v -> types.add(v.type()));
        scanned.forEach(v -> types.add(v.type().without(0)));
        LoopBody body = n.body(graph, types);
        for (int i = 0; i < carried.size() && i < body.outputs().size(); i++) {
            n.equal(body.outputs().get(i).type().dims(), carried.get(i).type().dims());
        }
        List<Value> in = new ArrayList<>(carried);
        in.addAll(scanned);
        in.addAll(body.captured());
        return new ArrayList<>(n.builder().scan(body.graph(), carried.size(), scanned.size(), 0, in));
    }

    /** A loop of a known number of steps that its condition never ends: a scan over their numbers. */
    private static List<Imported> loop(OnnxNode n) {
        GraphProto graph = n.attributes().graph("body");
        if (n.has(1) && n.constant(1).filter(t -> t.getLong(0) != 0).isEmpty()) {
            throw n.unsupported("whether it begins is only known when the graph runs");
        }
        if (!n.has(0)) {
            throw n.unsupported("only its condition ends it");
        }
        if (graph.getInputCount() < 2 || graph.getOutputCount() < 1) {
            throw n.broken(
                    "its body has %d inputs and %d outputs, expected at least 2 (step, condition) and 1 (condition)",
                    graph.getInputCount(), graph.getOutputCount());
        }
        Dim steps = n.size(0);
        GraphBuilder b = n.builder();
        List<TensorType> types = new ArrayList<>(List.of(TensorType.of(DType.I64), TensorType.of(DType.BOOL)));
        List<Value> in = new ArrayList<>();
        for (int i = 2; i < n.numInputs(); i++) {
            types.add(n.type(i));
            in.add(n.input(i));
        }
        int numCarried = in.size();
        Optional<Imported> condition =
                Optional.of(n.body(graph, types)).map(body -> body.outputs().getFirst());
        boolean goesOn = condition
                .filter(c -> c instanceof Imported.Constant(String label, Tensor t) && t.getLong(0) != 0)
                .isPresent();
        if (!goesOn && !GivenCondition.passesOn(graph)) {
            throw n.unsupported("whether it goes on is only known when the graph runs");
        }
        return OnnxNode.computed(CountedLoop.run(n, graph, b.iota(steps), in, numCarried));
    }
}
