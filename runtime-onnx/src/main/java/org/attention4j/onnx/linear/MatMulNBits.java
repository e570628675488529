package org.attention4j.onnx.linear;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
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
    /** 64 MiB as F32: models with less are fast and exact that way. */
    private static final long FEW_ELEMENTS = 1L << 24;

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
        DType dtype = c.input("weight").type().dtype();
        return Answer.onlyIf(dtype.isQuantized(), "the weight is %s, not block-quantised".formatted(dtype));
    }

    @Override
    public Answer supports(Composite c, LoweringContext context) {
        if (supports(c) instanceof Answer.No no) {
            return no;
        }
        long elements = context.quantizedElements();
        if (elements < FEW_ELEMENTS) {
            return Answer.no(
                    "a model of %d quantised weights is small enough to be expanded to F32".formatted(elements));
        }
        return Answer.onlyIf(
                !context.exactActivations()
                        || BlockLayout.of(c.input("weight").type().dtype()).bits() == 4,
                "it has no fast product of 8-bit weights with exact activations");
    }

    @Override
    String product(OnnxWriter w, Value x, WeightRows rows) {
        BlockLayout layout = BlockLayout.of(rows.dtype());
        long n = rows.rows();
        long groups = layout.groups(rows.columns());
        List<String> inputs = List.of(
                w.name(x),
                rows.piece(w, "quants", DataType.UINT8, layout.quants(), n, groups, layout.groupBytes()),
                rows.piece(w, "scales", DataType.FLOAT, layout.scales(), n * groups));
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
    private static String groupSums(OnnxWriter w, Value x, BlockLayout layout) {
        List<Dim> dims = new ArrayList<>(x.type().dims());
        dims.set(dims.size() - 1, Dim.of(layout.groups(x.type().fixedDim(-1))));
        dims.add(Dim.of(layout.group()));
        // Of a tensor without elements, ONNX Runtime 1.29 does not remove an axis that is counted from the last.
        return w.op(
                "ReduceSum",
                List.of(w.reshape(w.name(x), dims), w.constant(new long[] {dims.size() - 1})),
                Attributes.of("keepdims", 0L));
    }
}
