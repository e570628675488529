package org.attention4j.loaders.onnx.op;

import com.google.auto.service.AutoService;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.PrimitiveOp.BinaryKind;
import org.attention4j.core.ir.PrimitiveOp.UnaryKind;
import org.attention4j.core.ir.Value;
import org.attention4j.core.mlp.Activate;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.tensor.DType;
import org.attention4j.loaders.onnx.OnnxNode;
import org.attention4j.loaders.onnx.OnnxOperators;
import org.attention4j.loaders.onnx.OperatorTable;

/** Activations, and ONNX Runtime's with a bias. */
@AutoService(OnnxOperators.class)
public final class ActivationOps implements OnnxOperators {
    @Override
    public void addTo(OperatorTable table) {
        String ms = OperatorTable.MICROSOFT;
        table.addOne("Relu", n -> n.builder().binary(BinaryKind.MAX, n.input(0), zero(n)));
        table.addOne("Gelu", n -> activate(n, gelu(n), n.input(0)));
        table.addOne("Softplus", n -> activate(n, Activation.SOFTPLUS, n.input(0)));
        table.addOne("Swish", n -> swish(n, n.input(0), n.attribute("alpha", 1.0)));
        table.addOne(
                "Mish",
                n -> Elements.mul(
                        n,
                        n.input(0),
                        n.builder().unary(UnaryKind.TANH, activate(n, Activation.SOFTPLUS, n.input(0)))));
        table.addOne("HardSigmoid", n -> hardSigmoid(n, n.attribute("alpha", 0.2f), n.attribute("beta", 0.5)));
        table.addOne("HardSwish", n -> n.builder().mul(n.input(0), hardSigmoid(n, 1 / 6.0, 0.5)));
        table.addOne(
                "Softsign",
                n -> n.builder().div(n.input(0), n.builder().add(n.builder().unary(UnaryKind.ABS, n.input(0)), 1)));
        table.addOne("LeakyRelu", n -> slope(n, n.builder().scalar(dtype(n), n.attribute("alpha", 0.01f))));
        table.addOne("PRelu", n -> slope(n, n.input(1)));
        table.addOne("Elu", n -> exponential(n, n.attribute("alpha", 1.0), 1));
        table.addOne(
                "Selu",
                n -> exponential(
                        n, n.attribute("alpha", (double) 1.6732632f), n.attribute("gamma", (double) 1.050701f)));
        table.addOne(ms, "Gelu", n -> activate(n, Activation.GELU, n.input(0)));
        table.addOne(ms, "BiasGelu", n -> activate(n, Activation.GELU, Elements.add(n, n.input(0), n.input(1))));
        table.addOne(ms, "FastGelu", n -> fastGelu(n, n.has(1) ? Elements.add(n, n.input(0), n.input(1)) : n.input(0)));
        table.addOne(ms, "QuickGelu", n -> swish(n, n.input(0), n.attribute("alpha", 1.702f)));
    }

    private static DType dtype(OnnxNode n) {
        return n.type(0).dtype();
    }

    private static Value zero(OnnxNode n) {
        return Elements.scalar(n.builder(), dtype(n), 0);
    }

    private static Activation gelu(OnnxNode n) {
        String approximation = n.attribute("approximate", "none");
        return switch (approximation) {
            case "none" -> Activation.GELU;
            case "tanh" -> Activation.GELU_TANH;
            default -> throw n.broken("approximate is %s, expected none or tanh", approximation);
        };
    }

    /** An activation of any float type. */
    static Value activate(OnnxNode n, Activation activation, Value x) {
        return Elements.like(n, n.builder().apply(new Activate(activation), Elements.f32(n, x)), x.type());
    }

    static Value fastGelu(OnnxNode n, Value x) {
        return activate(n, Activation.GELU_TANH, x);
    }

    /** {@code x·σ(alpha·x)}. */
    private static Value swish(OnnxNode n, Value x, double alpha) {
        if (alpha == 1) {
            return activate(n, Activation.SILU, x);
        }
        if (alpha == 1.702f) {
            return activate(n, Activation.QUICK_GELU, x);
        }
        return n.builder()
                .mul(x, n.builder().unary(UnaryKind.SIGMOID, n.builder().mul(x, alpha)));
    }

    private static Value hardSigmoid(OnnxNode n, double alpha, double beta) {
        GraphBuilder b = n.builder();
        Value line = b.add(b.mul(n.input(0), alpha), beta);
        return b.binary(BinaryKind.MIN, b.binary(BinaryKind.MAX, line, zero(n)), b.scalar(dtype(n), 1));
    }

    /** x above 0, a multiple of it below. */
    private static Value slope(OnnxNode n, Value factor) {
        Value x = n.input(0);
        return Elements.where(n, Elements.negative(n.builder(), x), Elements.mul(n, x, factor), x);
    }

    /** {@code gamma·x} above 0, {@code gamma·alpha·(exp(x) − 1)} below. */
    private static Value exponential(OnnxNode n, double alpha, double gamma) {
        GraphBuilder b = n.builder();
        Value x = n.input(0);
        Value below = b.binary(BinaryKind.MIN, x, zero(n));
        Value curve = b.mul(b.add(b.unary(UnaryKind.EXP, below), -1), alpha);
        return Elements.times(b, b.where(Elements.negative(b, x), curve, x), gamma);
    }
}
