package org.attention4j.tornado.moe;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;

/**
 * Products with the matrices of chosen experts: x {@code F32[..., choices or 1, inner]}, where all choices may share a vector; ids {@code
 * I64[..., choices]}; stack {@code [experts, rows, inner]}, of any float dtype or block-quantised; bias {@code [experts, rows]} and
 * weights {@code F32[..., choices]}, where the op has them. The result is {@code F32[..., choices, rows]}; with weights their weighted
 * sum, {@code F32[..., rows]}.
 *
 * @param hasBias whether there is a bias
 * @param weighted whether there are weights
 */
record ChosenRows(boolean hasBias, boolean weighted) implements CompositeOp {
    @Override
    public String name() {
        return "chosen_rows";
    }

    @Override
    public List<String> inputNames() {
        ImmutableList.Builder<String> names = ImmutableList.<String>builder().add("x", "ids", "stack");
        if (hasBias) {
            names.add("bias");
        }
        if (weighted) {
            names.add("weights");
        }
        return names.build();
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        InputTypes in = InputTypes.of(this, inputs);
        List<Dim> dims = new ArrayList<>(in.get("ids").dims());
        if (weighted) {
            dims.removeLast();
        }
        dims.add(in.stack("stack").dim(1));
        return ImmutableList.of(new TensorType(DType.F32, dims));
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> in) {
        Value ids = in.get(1);
        Value matrices = b.gather(b.toF32(in.get(2)), ids, 0);
        Value y = b.reduce(ReduceKind.SUM, b.matMul(matrices, b.unsqueeze(in.get(0), -1)), false, -1);
        if (hasBias) {
            y = b.add(y, b.gather(b.toF32(in.get(3)), ids, 0));
        }
        return ImmutableList.of(
                weighted ? b.reduce(ReduceKind.SUM, b.mul(y, b.unsqueeze(in.getLast(), -1)), false, -2) : y);
    }
}
