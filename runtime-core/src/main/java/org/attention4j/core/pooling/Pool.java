package org.attention4j.core.pooling;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.CompositeOp;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.InputTypes;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.ReduceKind;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Linear;
import org.attention4j.core.mlp.Activate;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.tensor.DType;

/**
 * One vector for each sequence: hidden {@code F32[batch, seq, dim]}, lengths {@code I64[batch]}: how many tokens each has, from
 * 1, the rest being padding at the end; for {@code POOLER} also weight {@code [dim, dim]}, bias {@code [dim]}. The result is
 * {@code F32[batch, dim]}.
 */
public record Pool(Pooling kind) implements CompositeOp {
    @Override
    public String name() {
        return "pool";
    }

    @Override
    public List<String> inputNames() {
        return kind == Pooling.POOLER
                ? ImmutableList.of("hidden", "lengths", "weight", "bias")
                : ImmutableList.of("hidden", "lengths");
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        InputTypes in = InputTypes.of(this, inputs);
        TensorType hidden = in.activation("hidden", 3);
        in.require(hidden.rank() == 3, "hidden", "F32[batch, seq, dim]");
        in.exactly("lengths", DType.I64, hidden.dim(0));
        if (kind == Pooling.POOLER) {
            in.matrix("weight", hidden.dim(2), hidden.dim(2));
            in.vector("bias", hidden.dim(2));
        }
        return ImmutableList.of(TensorType.of(DType.F32, hidden.dim(0), hidden.dim(2)));
    }

    @Override
    public List<Value> decompose(GraphBuilder b, List<Value> inputs) {
        Value hidden = inputs.get(0);
        Value lengths = inputs.get(1);
        return ImmutableList.of(
                switch (kind) {
                    case MEAN -> mean(b, hidden, lengths);
                    case CLS -> first(b, hidden);
                    case LAST -> sumWhere(b, hidden, compare(b, BinaryKind.EQUAL, hidden, b.add(lengths, minusOne(b))));
                    case MAX -> max(b, hidden, lengths);
                    case POOLER -> {
                        Value dense = b.apply(new Linear(true), first(b, hidden), inputs.get(2), inputs.get(3));
                        yield b.apply(new Activate(Activation.TANH), dense);
                    }
                });
    }

    private static Value mean(GraphBuilder b, Value hidden, Value lengths) {
        Value sum = sumWhere(b, hidden, compare(b, BinaryKind.LESS, hidden, lengths));
        return b.div(sum, b.unsqueeze(b.cast(lengths, DType.F32), 1));
    }

    private static Value max(GraphBuilder b, Value hidden, Value lengths) {
        Value real = compare(b, BinaryKind.LESS, hidden, lengths);
        Value masked = b.where(real, hidden, b.scalar(DType.F32, Double.NEGATIVE_INFINITY));
        return b.reduce(ReduceKind.MAX, masked, false, 1);
    }

    private static Value first(GraphBuilder b, Value hidden) {
        Dim batch = hidden.type().dim(0);
        return b.reshape(b.slice(hidden, 1, 0, 1), batch, hidden.type().dim(2));
    }

    private static Value minusOne(GraphBuilder b) {
        return b.scalar(DType.I64, -1);
    }

    /** Each token's index compared with a number of its sequence, {@code BOOL[batch, seq, 1]}. */
    private static Value compare(GraphBuilder b, BinaryKind kind, Value hidden, Value perSequence) {
        Value index = b.unsqueeze(b.iota(hidden.type().dim(1)), 0);
        return b.unsqueeze(b.binary(kind, index, b.unsqueeze(perSequence, 1)), 2);
    }

    private static Value sumWhere(GraphBuilder b, Value hidden, Value chosen) {
        return b.reduce(ReduceKind.SUM, b.where(chosen, hidden, b.scalar(DType.F32, 0)), false, 1);
    }
}
