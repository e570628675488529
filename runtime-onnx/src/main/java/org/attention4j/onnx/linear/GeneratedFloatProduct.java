package org.attention4j.onnx.linear;

import com.google.auto.service.AutoService;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.onnx.emit.LoweringContext;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxWriter;
import org.attention4j.x86.FloatMatrix;

/**
 * Products in F32 by code that is generated for this machine's processor, with matrices that are too small for ONNX Runtime to share between
 * threads.
 */
@AutoService(OnnxLowering.class)
public final class GeneratedFloatProduct extends LinearLowering {
    /** Of 4 MiB as F32. */
    private static final long SMALL = 1 << 20;

    /** With products of weights that are small together. */
    public GeneratedFloatProduct() {
        super(SMALL);
    }

    @Override
    public String name() {
        return "generated_float_product";
    }

    @Override
    public int priority() {
        return 5;
    }

    @Override
    public Answer supports(Composite c) {
        TensorType weight = c.input("weight").type();
        if (!FloatMatrix.supports(weight.dtype())) {
            return Answer.no("the weight is %s, not F32 or F16".formatted(weight.dtype()));
        }
        if (!weight.dim(0).isFixed() || !weight.dim(1).isFixed()) {
            return Answer.no("the weight's dims are not fixed");
        }
        long elements = weight.fixedDim(0) * weight.fixedDim(1);
        if (weight.fixedDim(1) == 0) {
            return Answer.no("the weight has no columns");
        }
        return Answer.onlyIf(
                elements <= SMALL,
                "the matrix has %d weights, expected at most %d: ONNX Runtime shares larger ones between threads"
                        .formatted(elements, SMALL));
    }

    @Override
    public Answer supports(Composite c, LoweringContext context) {
        if (context.noGeneratedCode().isPresent()) {
            return Answer.no(context.noGeneratedCode().get());
        }
        if (supports(c) instanceof Answer.No no) {
            return no;
        }
        Value weight = c.input("weight");
        return context.constant(weight).isEmpty()
                ? Answer.no("the weight is not a constant")
                : Answer.yes("%s as it is".formatted(weight.type().dtype()));
    }

    @Override
    String product(OnnxWriter w, Factor x, WeightRows rows) {
        return GeneratedProduct.packed(w, x, rows);
    }
}
