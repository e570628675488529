package org.attention4j.loaders.onnx.op;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.Value;
import org.attention4j.core.linear.Linear;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.onnx.OnnxNode;
import org.attention4j.loaders.onnx.OnnxOperators;
import org.attention4j.loaders.onnx.OperatorTable;
import org.attention4j.loaders.onnx.TransposedTensor;

/** Products of matrices. One with a matrix of the model is a linear layer. */
@AutoService(OnnxOperators.class)
public final class ProductOps implements OnnxOperators {
    @Override
    public void addTo(OperatorTable table) {
        table.addOne("MatMul", n -> matMul(n, n.input(0), n.input(1), n.constant(1)));
        table.addOne("Gemm", ProductOps::gemm);
        table.addOne(OperatorTable.MICROSOFT, "FusedMatMul", ProductOps::fused);
        table.addOne(OperatorTable.MICROSOFT, "TransposeMatMul", ProductOps::fused);
        table.addOne(OperatorTable.MICROSOFT, "GemmFastGelu", ProductOps::gemmFastGelu);
    }

    /** As NumPy multiplies: vectors are rows on the left and columns on the right. */
    static Value matMul(OnnxNode n, Value left, Value right, Optional<Tensor> weight) {
        GraphBuilder b = n.builder();
        Value x = left.type().rank() == 1 ? b.unsqueeze(left, 0) : left;
        Value y = right.type().rank() == 1 ? b.unsqueeze(right, 1) : right;
        if (x.type().rank() < 2 || y.type().rank() < 2) {
            throw n.broken("inputs %s and %s, expected at least one dimension", left.type(), right.type());
        }
        n.equal(x.type().dim(-1), y.type().dim(-2));
        Value product;
        if (weight.filter(ProductOps::isWeight).isPresent()) {
            product = linear(n, x, TransposedTensor.of(weight.get()), Optional.empty());
        } else {
            n.broadcast(
                    x.type().dims().subList(0, x.type().rank() - 2),
                    y.type().dims().subList(0, y.type().rank() - 2));
            product = b.matMul(x, y);
        }
        List<Dim> dims = new ArrayList<>(product.type().dims());
        if (right.type().rank() == 1) {
            dims.removeLast();
        }
        if (left.type().rank() == 1) {
            dims.remove(dims.size() - (right.type().rank() == 1 ? 1 : 2));
        }
        return b.reshape(product, dims);
    }

    private static boolean isWeight(Tensor t) {
        return t.shape().rank() == 2 && t.dtype().isFloat() && t.dtype() != DType.F64;
    }

    /** {@code x·weightᵀ + bias} of x's type. */
    static Value linear(OnnxNode n, Value x, Tensor weight, Optional<Value> bias) {
        GraphBuilder b = n.builder();
        Value w = b.constant("weight", weight);
        Value wide = Elements.f32(n, x);
        Value y =
                bias.isPresent() ? b.apply(new Linear(true), wide, w, bias.get()) : b.apply(new Linear(false), wide, w);
        return Elements.like(n, y, x.type());
    }

    /** The last two dims exchanged. */
    static Value transposed(GraphBuilder b, Value x) {
        int rank = x.type().rank();
        int[] permutation = new int[rank];
        for (int i = 0; i < rank; i++) {
            permutation[i] = i < rank - 2 ? i : 2 * rank - 3 - i;
        }
        return b.transpose(x, permutation);
    }

    private static Value gemm(OnnxNode n) {
        GraphBuilder b = n.builder();
        Value x = n.flag("transA", false) ? transposed(b, n.input(0)) : n.input(0);
        double alpha = n.attribute("alpha", 1.0);
        double beta = n.attribute("beta", 1.0);
        boolean transB = n.flag("transB", false);
        Optional<Tensor> weight = n.constant(1).filter(w -> w.dtype() == DType.F32 || w.dtype() == DType.F16);
        Value y;
        if (weight.isPresent()) {
            n.equal(x.type().dim(-1), n.type(1).dim(transB ? 1 : 0));
            y = linear(n, x, transB ? weight.get() : TransposedTensor.of(weight.get()), Optional.empty());
        } else {
            n.equal(x.type().dim(-1), n.type(1).dim(transB ? 1 : 0));
            y = transB ? b.matMulTransposed(x, n.input(1)) : b.matMul(x, n.input(1));
        }
        y = Elements.times(b, y, alpha);
        return n.has(2) && beta != 0 ? Elements.add(n, y, Elements.times(b, n.input(2), beta)) : y;
    }

    private static Value fused(OnnxNode n) {
        GraphBuilder b = n.builder();
        if (n.flag("transBatchA", false) || n.flag("transBatchB", false)) {
            throw n.unsupported("it moves batch dimensions");
        }
        Value x = n.flag("transA", false) ? transposed(b, n.input(0)) : n.input(0);
        double alpha = n.attribute("alpha", 1.0);
        boolean transB = n.flag("transB", false);
        Optional<Tensor> rows =
                n.constant(1).filter(w -> transB && isWeight(w) && x.type().rank() >= 2);
        if (rows.isPresent()) {
            n.equal(x.type().dim(-1), n.type(1).dim(1));
            return Elements.times(b, linear(n, x, rows.get(), Optional.empty()), alpha);
        }
        Value y = transB ? transposed(b, n.input(1)) : n.input(1);
        Value product = matMul(n, x, y, transB ? Optional.empty() : n.constant(1));
        return Elements.times(b, product, alpha);
    }

    private static Value gemmFastGelu(OnnxNode n) {
        Value y = matMul(n, n.input(0), n.input(1), n.constant(1));
        return ActivationOps.fastGelu(n, n.has(2) ? Elements.add(n, y, n.input(2)) : y);
    }
}
