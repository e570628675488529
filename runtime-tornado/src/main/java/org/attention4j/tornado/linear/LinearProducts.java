package org.attention4j.tornado.linear;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.tornado.kernel.Code;
import org.attention4j.tornado.kernel.LinearKernel;
import org.attention4j.tornado.program.Expr;
import org.attention4j.tornado.program.Held;
import org.attention4j.tornado.program.Lowerer;
import org.attention4j.tornado.program.TornadoLowering;

/**
 * Products with a weight as it is stored, as part of whatever elementwise program takes them: a bias, an activation, a residual or
 * a second product with the same rows costs no launch of its own.
 */
@AutoService(TornadoLowering.class)
public final class LinearProducts implements TornadoLowering {
    /** The kernel's types of those that are read as they are stored. */
    public static final ImmutableMap<DType, Integer> TYPES = ImmutableMap.of(
            DType.F16, LinearKernel.F16,
            DType.BF16, LinearKernel.BF16,
            DType.Q8_0, LinearKernel.Q8_0,
            DType.Q4_0, LinearKernel.Q4_0,
            DType.Q4_K, LinearKernel.Q4_K,
            DType.Q6_K, LinearKernel.Q6_K);

    @Override
    public String name() {
        return "products";
    }

    @Override
    public String op() {
        return "linear";
    }

    @Override
    public Answer supports(Composite composite) {
        DType dtype = composite.input("weight").type().dtype();
        return dtype == DType.F32 || TYPES.containsKey(dtype)
                ? Answer.yes()
                : Answer.yes("%s weights become F32 when they are loaded".formatted(dtype));
    }

    @Override
    public void lower(Lowerer l, Composite composite, List<Graph> parts) {
        Value y = composite.outputs().getFirst();
        int[] dims = l.dims(y);
        Expr product = l.product(composite.input("x"), composite.input("weight"), TYPES);
        Optional<Value> bias = composite.findInput("bias");
        Expr all = bias.isEmpty()
                ? product
                : Expr.apply(Code.ADD, true, product, l.get(bias.get()).expr().map(a -> a.insert(0, dims.length - 1)));
        l.defineExpression(y, new Held(all, dims));
    }
}
