package org.attention4j.onnx.custom;

import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.x86.BlockProduct;
import org.attention4j.x86.FloatMatrix;
import org.attention4j.x86.FloatProduct;
import org.attention4j.x86.PackedMatrix;
import org.attention4j.x86.Product;

/** Weights of one session that are not ONNX Runtime's: its nodes know them by numbers. */
public final class CustomWeights implements AutoCloseable {
    static final Numbered<Product> PRODUCTS = new Numbered<>();
    static final Numbered<RowTable> TABLES = new Numbered<>();

    private final int threads;
    private final List<Long> numbers = new ArrayList<>();
    private final List<Runnable> packed = new ArrayList<>();

    /** @param threads that share a product */
    public CustomWeights(int threads) {
        this.threads = threads;
    }

    /**
     * Packs matrices, one below the other.
     *
     * @return the number by which nodes of {@link CustomOps#PRODUCT} know them
     */
    public long matrices(List<Tensor> tensors) {
        return numbered(PRODUCTS.add(product(tensors)));
    }

    private Product product(List<Tensor> tensors) {
        if (FloatMatrix.supports(tensors.getFirst().dtype())) {
            FloatMatrix matrix = FloatMatrix.pack(tensors);
            packed.add(matrix::close);
            return new FloatProduct(matrix, threads);
        }
        PackedMatrix matrix = PackedMatrix.pack(tensors);
        packed.add(matrix::close);
        return new BlockProduct(matrix, threads);
    }

    /**
     * Keeps a table of blocks at hand.
     *
     * @return the number by which nodes of {@link CustomOps#ROWS} know it
     */
    public long table(Tensor table) {
        return numbered(TABLES.add(new RowTable(table)));
    }

    private long numbered(long number) {
        numbers.add(number);
        return number;
    }

    public boolean isEmpty() {
        return numbers.isEmpty();
    }

    /** Frees the weights: after the session is closed. */
    @Override
    public void close() {
        numbers.forEach(PRODUCTS::remove);
        numbers.forEach(TABLES::remove);
        numbers.clear();
        packed.forEach(Runnable::run);
        packed.clear();
    }
}
