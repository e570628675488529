package org.attention4j.onnx.linear;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.tensor.DType;
import org.attention4j.onnx.emit.Attributes;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxWriter;

/**
 * {@code com.microsoft.FusedMatMul} with F32 weights as they are stored, {@code [out, in]}; other types are expanded into the
 * weight file. ONNX Runtime packs them for its kernels when it makes the session and keeps only that. (On CPUs it has no product
 * of F16 or BF16: it would expand them too, in memory.)
 */
@AutoService(OnnxLowering.class)
public final class MatMulF32 extends LinearLowering {
    /** With products of the usual size. */
    public MatMulF32() {
        this(MOST_ELEMENTS);
    }

    MatMulF32(long mostElements) {
        super(mostElements);
    }

    @Override
    public String name() {
        return "matmul_f32";
    }

    @Override
    public Answer supports(Composite composite) {
        DType weight = composite.input("weight").type().dtype();
        return weight == DType.F32 ? Answer.yes() : Answer.yes(weight + " expanded to F32");
    }

    @Override
    String product(OnnxWriter w, Factor x, WeightRows rows) {
        return product(w, x.name(), rows.f32(w));
    }

    /** {@code x · weightᵀ} for any weight. */
    static String product(OnnxWriter w, String x, String weight) {
        return w.msOp("FusedMatMul", List.of(x, weight), Attributes.of("transB", 1L));
    }
}
