package org.attention4j.loaders.architecture;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormatException;

/**
 * RWKV's parameters under one set of names, from the several that files have: those of the authors' own files ({@code
 * blocks.0.att.key.weight}), of rwkv.cpp's copies of them, of transformers (RWKV-4), of flash-linear-attention (RWKV-7), and of GGUF
 * files. Each parameter is looked for under all of its names.
 */
final class RwkvWeights {
    private final Checkpoint checkpoint;
    private final CheckpointWeights stored;
    private final CheckpointWeights weights;

    RwkvWeights(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
        this.stored = new CheckpointWeights(checkpoint, "");
        this.weights = new CheckpointWeights(checkpoint, "");
    }

    /** All parameters by the names that the mixers use. */
    CheckpointWeights all() {
        return weights;
    }

    boolean has(String storedName) {
        return stored.has(storedName);
    }

    /** A tensor as the file has it. */
    Tensor stored(String storedName) {
        return stored.get(storedName);
    }

    /** A stack of matrices that the file has transposed. */
    void swapped(String name, String... sources) {
        add(name, sources, t -> {
            Shape s = t.shape();
            Tensor out = Tensor.zeros(DType.F32, Shape.of(s.dim(0), s.dim(2), s.dim(1)));
            for (long i = 0; i < s.elements(); i++) {
                long matrix = i / (s.dim(1) * s.dim(2));
                long row = i / s.dim(2) % s.dim(1);
                long column = i % s.dim(2);
                out.setDouble((matrix * s.dim(2) + column) * s.dim(1) + row, t.getDouble(i));
            }
            return out;
        });
    }

    /** A parameter as a file has it. */
    void take(String name, String... sources) {
        add(name, sources, t -> t);
    }

    /** A parameter of other dims than in the file. */
    void shaped(String name, Shape shape, String... sources) {
        add(name, sources, t -> shaped(name, t, shape));
    }

    /** A vector of {@code f} of what the file has. */
    void map(String name, Shape shape, DoubleUnaryOperator f, String... sources) {
        add(name, sources, t -> {
            Tensor from = shaped(name, t, shape);
            Tensor out = Tensor.zeros(DType.F32, shape);
            for (long i = 0; i < shape.elements(); i++) {
                out.setDouble(i, f.applyAsDouble(from.getDouble(i)));
            }
            return out;
        });
    }

    /** A matrix that the file has transposed. */
    void transposed(String name, String... sources) {
        add(name, sources, t -> TensorViews.transpose(name, t));
    }

    /** One of several vectors that are stored together. */
    void row(String name, int index, int size, String... sources) {
        add(name, sources, t -> {
            Shape all = Shape.of(t.shape().elements() / size, size);
            return shaped(name, TensorViews.rows(name, shaped(name, t, all), index, 1), Shape.of(size));
        });
    }

    private interface Change {
        Tensor of(Tensor t);
    }

    private void add(String name, String[] sources, Change change) {
        Optional<String> source = Arrays.stream(sources).filter(stored::has).findFirst();
        source.ifPresent(s -> {
            Supplier<Tensor> made = () -> change.of(stored.get(s));
            weights.derive(name, made);
        });
    }

    private Tensor shaped(String name, Tensor t, Shape shape) {
        if (t.shape().elements() != shape.elements()) {
            throw new ModelFormatException(
                    checkpoint.path(),
                    "tensor %s has shape %s, expected the elements of %s"
                            .formatted(ModelFormatException.quote(name), t.shape(), shape));
        }
        return t.shape().equals(shape) ? t : Tensor.of(t.dtype(), shape, t.data());
    }

    /** Rows of a matrix. */
    int rows(String name) {
        return Math.toIntExact(weights.get(name).shape().dim(0));
    }

    /** A norm's weight and bias. */
    void norm(String name, String... layers) {
        for (String kind : new String[] {".weight", ".bias"}) {
            take(name + kind, Arrays.stream(layers).map(l -> l + kind).toArray(String[]::new));
        }
    }
}
