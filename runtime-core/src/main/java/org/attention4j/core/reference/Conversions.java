package org.attention4j.core.reference;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import org.attention4j.core.quant.BlockCodec;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * Turns tensors into arrays and back. The arrays of constants are kept, least recently used ones dropped first, up to a
 * limit of bytes: a model within it is converted once, a larger one runs too but converts weights again in each run.
 * Thread-safe.
 */
final class Conversions {
    /** Converts and keeps nothing. */
    static final Conversions NOT_KEPT = new Conversions(0);

    private static final int KIB = 1024;

    /** A number of elements that every type's block size divides. */
    private static final int WHOLE_BLOCKS = 4096;

    /** By identity of the tensor, as long as somebody else holds it. One segment, for the limit is split among segments. */
    private final Cache<Tensor, Array> kept;

    Conversions(long maxBytes) {
        this.kept = CacheBuilder.newBuilder()
                .weakKeys()
                .concurrencyLevel(1)
                .maximumWeight(maxBytes / KIB)
                .weigher((Tensor t, Array a) -> 1 + a.size() / (KIB / 8))
                .build();
    }

    /** The elements of a tensor whose contents never change. */
    Array load(Tensor t) {
        Array known = kept.getIfPresent(t);
        if (known != null) {
            return known;
        }
        Array loaded = read(t);
        kept.put(t, loaded);
        return loaded;
    }

    /** The present elements of a tensor. */
    static Array read(Tensor tensor) {
        // Bytes that are made when they are read are made once for all elements.
        Tensor t = tensor.contents().isPresent() ? Tensor.of(tensor.dtype(), tensor.shape(), tensor.data()) : tensor;
        DType dtype = t.dtype();
        if (dtype.isInteger() || dtype == DType.BOOL) {
            return readLongs(t);
        }
        Doubles out = new Doubles(t.shape());
        if (dtype.isQuantized()) {
            readBlocks(t, out.data);
        } else {
            for (int i = 0; i < out.data.length; i++) {
                out.data[i] = t.getDouble(i);
            }
        }
        return out;
    }

    private static Longs readLongs(Tensor t) {
        Longs out = new Longs(t.shape());
        for (int i = 0; i < out.data.length; i++) {
            long value = t.getLong(i);
            out.data[i] = t.dtype() == DType.BOOL && value != 0 ? 1 : value;
        }
        return out;
    }

    private static void readBlocks(Tensor t, double[] out) {
        BlockCodec codec = BlockCodec.of(t.dtype());
        float[] piece = new float[Math.min(out.length, WHOLE_BLOCKS)];
        for (int at = 0; at < out.length; at += piece.length) {
            int n = Math.min(piece.length, out.length - at);
            codec.decode(t.data(), at / t.dtype().blockSize(), piece, 0, n);
            for (int i = 0; i < n; i++) {
                out[at + i] = piece[i];
            }
        }
    }

    /** A new tensor of this dtype holding a copy of the value, rounded to the dtype. */
    static Tensor write(Held value, DType dtype) {
        Tensor out = Tensor.zeros(dtype, value.shape());
        switch (value) {
            case Stored s when s.tensor().dtype() == dtype -> out.copyFrom(s.tensor());
            case Stored s -> write(s.load(), out);
            case Array a -> write(a, out);
        }
        return out;
    }

    private static void write(Array value, Tensor out) {
        switch (value) {
            case Doubles d -> {
                for (int i = 0; i < d.data.length; i++) {
                    out.setDouble(i, d.data[i]);
                }
            }
            case Longs l -> {
                for (int i = 0; i < l.data.length; i++) {
                    out.setLong(i, l.data[i]);
                }
            }
        }
    }

    /** The zeros that a state of this dtype begins with. */
    static Held zeros(DType dtype, Shape shape) {
        return dtype.isQuantized() ? Stored.zeros(dtype, shape) : Array.zeros(dtype, shape);
    }

    /** What a graph is given: a copy, for the caller may reuse the memory. */
    static Held copy(Tensor t) {
        if (!t.dtype().isQuantized()) {
            return read(t);
        }
        Tensor copy = Tensor.zeros(t.dtype(), t.shape());
        copy.copyFrom(t);
        return new Stored(copy, NOT_KEPT);
    }
}
