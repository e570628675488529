package org.attention4j.onnx.custom;

import org.attention4j.x86.BlockProduct;

/** {@link CustomOps#PRODUCT}. */
final class ProductKernel extends NodeKernel<BlockProduct> {
    @Override
    BlockProduct open(NodeInfo info) {
        return CustomWeights.PRODUCTS.get(info.integer(CustomOps.WEIGHTS));
    }

    @Override
    void compute(BlockProduct product, KernelCall call) throws Throwable {
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
