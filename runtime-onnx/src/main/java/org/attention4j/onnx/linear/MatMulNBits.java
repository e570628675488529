package org.attention4j.onnx.linear;

import com.google.auto.service.AutoService;
import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Value;
import org.attention4j.core.quant.ReorderedColumns;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.emit.Attributes;
import org.attention4j.onnx.emit.LoweringContext;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxWriter;
import org.attention4j.onnx.proto.TensorProto.DataType;

/**
 * {@code com.microsoft.MatMulNBits} with the very bits of block-quantised weights. By default it rounds x to 8 bits in blocks and
 * sums integers, as llama.cpp does; results are then within about 1 % of the largest one.
 */
@AutoService(OnnxLowering.class)
public final class MatMulNBits extends LinearLowering {
    private static final long EXACT = 0;
    private static final long INT8 = 4;

    /** With products of the usual size. */
    public MatMulNBits() {
        super(MOST_ELEMENTS);
    }

    @Override
    public String name() {
        return "matmul_nbits";
    }

    @Override
    public int priority() {
        return 10;
    }

    @Override
    public Answer supports(Composite c) {
        return supports(c.input("weight").type().dtype());
    }

    private static Answer supports(DType weight) {
        return switch (weight) {
            case F16, BF16 ->
                Answer.no("the weight is %s, which is stored as F32, twice its size: there is no product of it on CPUs"
                        .formatted(weight));
            default -> Answer.onlyIf(weight.isQuantized(), "the weight is %s, not block-quantised".formatted(weight));
        };
    }

    @Override
    public Answer supports(Composite c, LoweringContext context) {
        Value weight = c.input("weight");
        DType dtype = context.constant(weight)
                .flatMap(ReorderedColumns::of)
                .map(r -> r.blocks().dtype())
                .orElse(weight.type().dtype());
        if (supports(dtype) instanceof Answer.No no) {
            return no;
        }
        BlockLayout layout = BlockLayout.of(dtype);
        if (context.keepsTypes()) {
            return Answer.yes(layout.toString());
        }
        Optional<Answer> small = smallModel(context);
        if (small.isPresent()) {
            return small.get();
        }
        return context.exactActivations() && layout.bits() != 4
                ? Answer.no("it has no fast product of %d-bit weights with exact activations".formatted(layout.bits()))
                : Answer.yes(layout + (context.exactActivations() ? "" : ROUNDS));
    }

    /** Weights of one order of columns, whose products with x are made at once. */
    @Override
    boolean joins(Tensor first, Tensor other) {
        Optional<ReorderedColumns> a = ReorderedColumns.of(first);
        Optional<ReorderedColumns> b = ReorderedColumns.of(other);
        return a.map(ReorderedColumns::order).equals(b.map(ReorderedColumns::order))
                && a.map(r -> r.blocks().dtype()).equals(b.map(r -> r.blocks().dtype()));
    }

    /** Takes the entries of x in the order of the weights' columns, where they have one of their own. */
    @Override
    String product(OnnxWriter w, Factor x, List<Tensor> weights, String label) {
        Optional<ReorderedColumns> first = ReorderedColumns.of(weights.getFirst());
        if (first.isEmpty()) {
            return super.product(w, x, weights, label);
        }
        ImmutableIntArray order = first.get().order();
        String indices = w.once(
                List.of("column order", order),
                root -> root.constant(order.stream().asLongStream().toArray()));
        String taken = w.op("Gather", List.of(x.name(), indices), Attributes.of("axis", -1L));
        List<Tensor> blocks = weights.stream()
                .map(t -> ReorderedColumns.of(t).orElseThrow().blocks())
                .toList();
        return super.product(w, new Factor(taken, x.type()), blocks, label);
    }

    @Override
    String product(OnnxWriter w, Factor x, WeightRows rows) {
        BlockLayout layout = BlockLayout.of(rows.dtype());
        long n = rows.rows();
        long groups = layout.groups(rows.columns());
        List<String> inputs = new ArrayList<>();
        inputs.add(x.name());
        inputs.add(rows.piece(w, "quants", DataType.UINT8, layout.quants(), n, groups, layout.groupBytes()));
        inputs.add(rows.piece(w, "scales", DataType.FLOAT, layout.scales(), n * groups));
        if (layout.zeroPoints().isPresent()) {
            long bytes = n * ZeroPointSource.rowBytes(layout, rows.columns());
            inputs.add(rows.zeroPoints(w, "zero_points", layout, bytes));
        }
        if (!w.context().exactActivations()) {
            // Of the product of integers, ONNX Runtime copies them into its own layout of the quants.
            inputs.stream().skip(2).forEach(w.weights()::readSeldom);
        }
        String y = w.msOp(
                "MatMulNBits",
                inputs,
                Attributes.of("K", rows.columns()),
                Attributes.of("N", n),
                Attributes.of("bits", (long) layout.bits()),
                Attributes.of("block_size", (long) layout.group()),
                Attributes.of("accuracy_level", w.context().exactActivations() ? EXACT : INT8));
        return layout.offsets()
                .map(piece -> {
                    String offsets = rows.piece(w, "offsets", DataType.FLOAT, piece, n, groups);
                    return w.op("Add", List.of(y, MatMulF32.product(w, groupSums(w, x, layout), offsets)));
                })
                .orElse(y);
    }

    /** {@code [..., columns]} summed over groups: {@code [..., groups]}. */
    private static String groupSums(OnnxWriter w, Factor x, BlockLayout layout) {
        List<Dim> dims = new ArrayList<>(x.type().dims());
        dims.set(dims.size() - 1, Dim.of(layout.groups(x.type().fixedDim(-1))));
        dims.add(Dim.of(layout.group()));
        // Of a tensor without elements, ONNX Runtime 1.29 does not remove an axis that is counted from the last.
        return w.op(
                "ReduceSum",
                List.of(w.reshape(x.name(), dims), w.constant(new long[] {dims.size() - 1})),
                Attributes.of("keepdims", 0L));
    }
}
