package org.attention4j.loaders.onnx.op;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.onnx.LoopBody;
import org.attention4j.loaders.onnx.OnnxNode;
import org.attention4j.onnx.proto.GraphProto;

/**
 * ONNX's {@code Loop} as a scan over the numbers of its steps. The body is {@code (step, condition, carried…) → (condition,
 * carried…, outputs…)}; a scan's is {@code (carried…, slices…) → (carried…, outputs…)}, so the condition is carried too.
 */
final class CountedLoop {
    private CountedLoop() {}

    /** @param steps {@code I64[n]}: 0, 1, … */
    static List<Value> run(OnnxNode n, GraphProto graph, Value steps, List<Value> carried, int numCarried) {
        GraphBuilder b = n.builder();
        List<TensorType> types = new ArrayList<>(ImmutableList.of(TensorType.of(DType.BOOL)));
        carried.forEach(v -> types.add(v.type()));
        types.add(TensorType.of(DType.I64));
        GraphProto.Builder reordered = graph.toBuilder().clearInput();
        reordered.addInput(graph.getInput(1));
        for (int i = 2; i < graph.getInputCount(); i++) {
            reordered.addInput(graph.getInput(i));
        }
        reordered.addInput(graph.getInput(0));
        LoopBody body = n.body(reordered.build(), types);
        for (int i = 0; i < numCarried; i++) {
            n.equal(
                    body.outputs().get(i + 1).type().dims(),
                    carried.get(i).type().dims());
        }
        Tensor yes = Tensor.zeros(DType.BOOL, Shape.of());
        yes.setLong(0, 1);
        List<Value> in = new ArrayList<>(List.of(b.constant("true", yes)));
        in.addAll(carried);
        in.add(steps);
        in.addAll(body.captured());
        List<Value> out = b.scan(body.graph(), numCarried + 1, 1, 0, in);
        return out.subList(1, out.size());
    }
}
