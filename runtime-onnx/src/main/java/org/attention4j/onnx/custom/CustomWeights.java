package org.attention4j.onnx.custom;

import java.util.ArrayList;
import java.util.List;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.x86.BlockProduct;
import org.attention4j.x86.PackedMatrix;

/** Weights of one session that are not ONNX Runtime's: its nodes know them by numbers. */
public final class CustomWeights implements AutoCloseable {
    static final Numbered<BlockProduct> PRODUCTS = new Numbered<>();
    static final Numbered<RowTable> TABLES = new Numbered<>();

    private final int threads;
    private final List<Long> numbers = new ArrayList<>();
    private final List<PackedMatrix> packed = new ArrayList<>();

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
        PackedMatrix matrix = PackedMatrix.pack(tensors);
        packed.add(matrix);
        return numbered(PRODUCTS.add(new BlockProduct(matrix, threads)));
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
        packed.forEach(PackedMatrix::close);
        packed.clear();
    }
}
