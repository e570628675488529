package org.attention4j.onnx.custom;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.x86.BlockProduct;
import org.attention4j.x86.PackedMatrix;

/** The packed weights of one session. A model's nodes know them by numbers that no other session's have. */
public final class GeneratedProducts implements AutoCloseable {
    private static final AtomicLong NEXT = new AtomicLong(1);
    private static final Map<Long, BlockProduct> PRODUCTS = new ConcurrentHashMap<>();

    private final int threads;
    private final List<Long> numbers = new ArrayList<>();
    private final List<PackedMatrix> weights = new ArrayList<>();

    /** @param threads that share a product */
    public GeneratedProducts(int threads) {
        this.threads = threads;
    }

    /**
     * Packs matrices, one below the other.
     *
     * @return the number by which nodes know them
     */
    public long add(List<Tensor> tensors) {
        PackedMatrix packed = PackedMatrix.pack(tensors);
        weights.add(packed);
        long number = NEXT.getAndIncrement();
        numbers.add(number);
        PRODUCTS.put(number, new BlockProduct(packed, threads));
        return number;
    }

    static Optional<BlockProduct> find(long number) {
        return Optional.ofNullable(PRODUCTS.get(number));
    }

    public boolean isEmpty() {
        return numbers.isEmpty();
    }

    /** Frees the weights: after the session is closed. */
    @Override
    public void close() {
        numbers.forEach(PRODUCTS::remove);
        numbers.clear();
        weights.forEach(PackedMatrix::close);
        weights.clear();
    }
}
