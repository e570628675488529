package org.attention4j.onnx.linear;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.emit.Attributes;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxWriter;
import org.attention4j.onnx.proto.TensorProto.DataType;

/**
 * {@code com.microsoft.GatherBlockQuantized} from a table with the very bits of its blocks. The table is stored apart from a
 * tied output projection's weights: of this copy only the pages of rows that were taken come into memory.
 */
@AutoService(OnnxLowering.class)
public final class GatherBlockQuantized implements OnnxLowering {
    @Override
    public String name() {
        return "gather_block_quantized";
    }

    @Override
    public String op() {
        return "embedding";
    }

    @Override
    public int priority() {
        return 10;
    }

    @Override
    public Answer supports(Composite c) {
        DType dtype = c.input("table").type().dtype();
        return dtype.isQuantized()
                ? Answer.yes(BlockLayout.ofRows(dtype).toString())
                : Answer.no("the table is %s, not block-quantised".formatted(dtype));
    }

    @Override
    public List<String> emit(OnnxWriter w, Composite c) {
        Value table = c.input("table");
        return w.tensor(table).isPresent() ? List.of(rows(w, c, w.tensor(table).get())) : new GatherRows().emit(w, c);
    }

    private static String rows(OnnxWriter w, Composite c, Tensor table) {
        String ids = w.name(c.input("ids"));
        WeightRows rows = WeightRows.of(c.input("table").id() + "/rows", List.of(table));
        BlockLayout layout = BlockLayout.ofRows(table.dtype());
        long vocab = rows.rows();
        long groups = layout.groups(rows.columns());
        List<String> inputs = new ArrayList<>();
        inputs.add(
                rows.seldomRead(w, "row quants", DataType.UINT8, layout.quants(), vocab, groups * layout.groupBytes()));
        inputs.add(ids);
        inputs.add(rows.seldomRead(w, "row scales", DataType.FLOAT, layout.scales(), vocab, groups));
        if (layout.zeroPoints().isPresent()) {
            long rowBytes = ZeroPointSource.rowBytes(layout, rows.columns());
            inputs.add(rows.zeroPoints(w, "row zero_points", layout, vocab, rowBytes));
        }
        String taken = w.msOp(
                "GatherBlockQuantized",
                inputs,
                Attributes.of("bits", (long) layout.bits()),
                Attributes.of("block_size", (long) layout.group()),
                Attributes.of("gather_axis", 0L),
                Attributes.of("quantize_axis", 1L));
        String y = layout.offsets()
                .map(piece -> {
                    String offsets = rows.seldomRead(w, "row offsets", DataType.FLOAT, piece, vocab, groups);
                    String added = w.op("Gather", List.of(offsets, ids), Attributes.of("axis", 0L));
                    return plusPerGroup(w, c.outputs().getFirst(), taken, added, layout);
                })
                .orElse(taken);
        rows.release(w);
        return y;
    }

    /** {@code y[..., dim]} plus {@code added[..., groups]}, each to all of its group. */
    private static String plusPerGroup(OnnxWriter w, Value result, String y, String added, BlockLayout layout) {
        List<Dim> grouped = new ArrayList<>(result.type().dims());
        grouped.set(grouped.size() - 1, Dim.of(layout.groups(result.type().fixedDim(-1))));
        grouped.add(Dim.of(layout.group()));
        String wide = w.op("Unsqueeze", List.of(added, w.constant(new long[] {-1})));
        return w.reshape(
                w.op("Add", List.of(w.reshape(y, grouped), wide)), result.type().dims());
    }
}
