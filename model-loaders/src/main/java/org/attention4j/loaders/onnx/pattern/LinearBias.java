package org.attention4j.loaders.onnx.pattern;

import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphRewrite;
import org.attention4j.core.ir.Op;
import org.attention4j.core.ir.Primitive;
import org.attention4j.core.ir.PrimitiveOp;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Linear;

/** A linear layer plus a vector: its bias. */
final class LinearBias implements GraphRewrite.Rule {
    private final Source source;

    LinearBias(Source source) {
        this.source = source;
    }

    @Override
    public Optional<GraphRewrite.Replacement> of(Op op) {
        if (!(op instanceof Primitive p) || !p.op().equals(new PrimitiveOp.Binary(BinaryKind.ADD))) {
            return Optional.empty();
        }
        Value out = p.outputs().getFirst();
        return with(out, p.inputs().get(0), p.inputs().get(1))
                .or(() -> with(out, p.inputs().get(1), p.inputs().get(0)));
    }

    private Optional<GraphRewrite.Replacement> with(Value out, Value product, Value vector) {
        Dim size = out.type().rank() == 0 ? Dim.of(1) : out.type().dim(-1);
        Optional<Composite> linear = source.composite(product, Linear.class);
        if (linear.isEmpty()
                || ((Linear) linear.get().op()).bias()
                || !source.usedOnce(product)
                || !out.type().equals(product.type())
                || !Source.isVector(vector, size)) {
            return Optional.empty();
        }
        List<Value> in = linear.get().inputs();
        return Optional.of((b, now) -> List.of(b.apply(
                new Linear(true), now.apply(in.get(0)), now.apply(in.get(1)), b.reshape(now.apply(vector), size))));
    }
}
