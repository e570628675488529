package org.attention4j.onnx.linear;

import com.google.auto.service.AutoService;
import java.util.List;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.onnx.custom.CustomOps;
import org.attention4j.onnx.emit.Attributes;
import org.attention4j.onnx.emit.LoweringContext;
import org.attention4j.onnx.emit.OnnxLowering;
import org.attention4j.onnx.emit.OnnxWriter;
import org.attention4j.x86.BlockFormat;

/**
 * Products by code that is generated for this machine's processor, with the very bits of block-quantised weights, of which memory holds
 * one copy for any number of tokens. They round x to 8 bits in blocks, as {@link MatMulNBits} does.
 */
@AutoService(OnnxLowering.class)
public final class GeneratedProduct extends LinearLowering {
    /** With products of any size. */
    public GeneratedProduct() {
        super(Long.MAX_VALUE);
    }

    @Override
    public String name() {
        return "generated_product";
    }

    @Override
    public int priority() {
        return 20;
    }

    @Override
    public Answer supports(Composite c) {
        DType dtype = c.input("weight").type().dtype();
        return Answer.onlyIf(
                BlockFormat.of(dtype).isPresent(),
                "the weight is %s, not one of %s".formatted(dtype, List.of(BlockFormat.values())));
    }

    @Override
    public Answer supports(Composite c, LoweringContext context) {
        Value weight = c.input("weight");
        if (context.noGeneratedCode().isPresent()) {
            return Answer.no(context.noGeneratedCode().get());
        }
        if (supports(c) instanceof Answer.No no) {
            return no;
        }
        if (context.constant(weight).isEmpty()) {
            return Answer.no("the weight is not a constant");
        }
        if (context.exactActivations()) {
            return Answer.no("it rounds activations to 8 bits");
        }
        return smallModel(context)
                .orElseGet(
                        () -> Answer.yes("%s as it is%s".formatted(weight.type().dtype(), ROUNDS)));
    }

    @Override
    String product(OnnxWriter w, Factor x, WeightRows rows) {
        return packed(w, x, rows);
    }

    /** Writes a product with weights that are packed for generated code. */
    static String packed(OnnxWriter w, Factor x, WeightRows rows) {
        String number = w.once(
                List.of("packed", rows.key()),
                root -> Long.toString(root.weights().packed(rows.tensors())));
        return w.ops(
                        CustomOps.DOMAIN,
                        CustomOps.PRODUCT,
                        List.of(x.name()),
                        1,
                        Attributes.of(CustomOps.WEIGHTS, Long.parseLong(number)))
                .getFirst();
    }
}
