package org.attention4j.core.linear;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;

/**
 * Rows of a table: ids {@code I64[...]}, table {@code [vocab, dim]} of any float dtype or block-quantised; the result is
 * {@code F32[..., dim]}. Only the rows taken are dequantised.
 */
public record Embedding() implements CompositeOp {
    @Override
    public String name() {
        return "embedding";
    }

    @Override
    public List<String> inputNames() {
        return ImmutableList.of("ids", "table");
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        InputTypes in = InputTypes.of(this, inputs);
        TensorType ids = in.get("ids");
        in.require(ids.dtype() == DType.I64, "ids", "I64");
        List<Dim> dims = new ArrayList<>(ids.dims());
        dims.add(in.matrix("table").dim(1));
        return ImmutableList.of(new TensorType(DType.F32, dims));
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
        return ImmutableList.of(b.toF32(b.gather(inputs.get(1), inputs.get(0), 0)));
    }
}
