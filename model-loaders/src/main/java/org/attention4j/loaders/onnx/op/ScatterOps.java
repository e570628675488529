package org.attention4j.loaders.onnx.op;

import com.google.auto.service.AutoService;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.loaders.onnx.OnnxNode;
import org.attention4j.loaders.onnx.OnnxOperators;
import org.attention4j.loaders.onnx.OperatorTable;

/** Entries put at indices. */
@AutoService(OnnxOperators.class)
public final class ScatterOps implements OnnxOperators {
    @Override
    public void addTo(OperatorTable table) {
        table.addOne("ScatterElements", ScatterOps::scatter);
    }

    private static Value scatter(OnnxNode n) {
        GraphBuilder b = n.builder();
        Value x = n.input(0);
        int axis = n.axis("axis", 0, x.type().rank());
        Dim size = x.type().dim(axis);
        Value at = IndexOps.indices(n, 1, size);
        n.equal(at.type().dims(), n.type(2).dims());
        String reduction = n.attribute("reduction", "none");
        return switch (reduction) {
            case "add" -> b.scatterAdd(x, at, n.input(2), axis);
            case "none" -> put(n, x, at, axis);
            default -> throw n.unsupported("reduction is %s, expected none or add", reduction);
        };
    }

    /** No index may stand twice, so sums have one term. */
    private static Value put(OnnxNode n, Value x, Value at, int axis) {
        GraphBuilder b = n.builder();
        Value zero =
                b.broadcast(Elements.scalar(b, x.type().dtype(), 0), x.type().dims());
        Value given = b.scatterAdd(zero, at, n.input(2), axis);
        Value none = b.broadcast(b.scalar(DType.I64, 0), x.type().dims());
        Value one = b.broadcast(b.scalar(DType.I64, 1), at.type().dims());
        Value hits = b.scatterAdd(none, at, one, axis);
        return b.where(b.binary(BinaryKind.LESS, none, hits), given, x);
    }
}
