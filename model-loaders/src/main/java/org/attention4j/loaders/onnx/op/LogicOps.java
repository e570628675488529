package org.attention4j.loaders.onnx.op;

import com.google.auto.service.AutoService;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.loaders.onnx.OnnxNode;
import org.attention4j.loaders.onnx.OnnxOperators;
import org.attention4j.loaders.onnx.OperatorTable;

/** Comparisons, booleans, and choices by them. */
@AutoService(OnnxOperators.class)
public final class LogicOps implements OnnxOperators {
    @Override
    public void addTo(OperatorTable table) {
        table.addOne("Equal", n -> compare(n, BinaryKind.EQUAL, n.input(0), n.input(1)));
        table.addOne("Less", n -> compare(n, BinaryKind.LESS, n.input(0), n.input(1)));
        table.addOne("LessOrEqual", n -> compare(n, BinaryKind.LESS_EQUAL, n.input(0), n.input(1)));
        table.addOne("Greater", n -> compare(n, BinaryKind.LESS, n.input(1), n.input(0)));
        table.addOne("GreaterOrEqual", n -> compare(n, BinaryKind.LESS_EQUAL, n.input(1), n.input(0)));
        table.addOne("And", n -> Elements.binary(n, BinaryKind.AND, n.input(0), n.input(1)));
        table.addOne("Or", n -> Elements.binary(n, BinaryKind.OR, n.input(0), n.input(1)));
        table.addOne("Xor", n -> Elements.not(n.builder(), compare(n, BinaryKind.EQUAL, n.input(0), n.input(1))));
        table.addOne("Not", n -> Elements.not(n.builder(), n.input(0)));
        table.addOne("Where", n -> Elements.where(n, n.input(0), n.input(1), n.input(2)));
        table.addOne("IsNaN", n -> {
            Value x = n.input(0);
            return Elements.not(n.builder(), n.builder().binary(BinaryKind.EQUAL, x, x));
        });
        table.addOne("IsInf", LogicOps::isInf);
    }

    /** Booleans are compared as numbers. */
    private static Value compare(OnnxNode n, BinaryKind kind, Value x, Value y) {
        GraphBuilder b = n.builder();
        boolean booleans = x.type().dtype() == DType.BOOL;
        return Elements.binary(n, kind, booleans ? b.cast(x, DType.I64) : x, booleans ? b.cast(y, DType.I64) : y);
    }

    private static Value isInf(OnnxNode n) {
        GraphBuilder b = n.builder();
        if (!n.flag("detect_negative", true) || !n.flag("detect_positive", true)) {
            throw n.unsupported("it looks for infinities of one sign");
        }
        Value x = n.input(0);
        return b.binary(
                BinaryKind.EQUAL, b.unary(UnaryKind.ABS, x), b.scalar(x.type().dtype(), Double.POSITIVE_INFINITY));
    }
}
