package org.attention4j.onnx.custom;

import java.util.Optional;
import org.attention4j.x86.Product;

/** {@link CustomOps#PRODUCT}. */
final class ProductKernel extends NodeKernel<Product> {
    @Override
    Product open(NodeInfo info) {
        return CustomWeights.PRODUCTS.get(info.integer(CustomOps.WEIGHTS));
    }

    @Override
    Optional<OneRowNode> oneRow(Product product) {
        return Optional.of(
                new OneRowNode(product.oneRow(), 0, new OneRowNode.Dims.Last(product.columns(), product.rows())));
    }

    @Override
    void compute(Product product, KernelCall call) throws Throwable {
        long x = call.input(0);
        long last = call.axes() - 1;
        if (last < 0 || call.dim(last) != product.columns()) {
            throw new IllegalStateException("product: x has %d columns, expected %d as the weights"
                    .formatted(last < 0 ? 0 : call.dim(last), product.columns()));
        }
        long tokens = call.elements(last);
        long y = call.output(last, product.rows());
        if (tokens > 0) {
            product.run(x, y, tokens, call.scratch(product.scratchBytes(tokens)), call);
        }
    }
}
