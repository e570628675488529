package org.attention4j.loaders.architecture;

import com.google.common.base.Suppliers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.attention4j.core.model.Weights;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormatException;

/**
 * A checkpoint's tensors, and others made of them: parts of fused projections, matrices stored transposed. Files of a bare
 * model, without a head, leave out the first part of the names, such as {@code transformer.}; so may lookups find them.
 */
public final class CheckpointWeights implements Weights {
    private final Checkpoint checkpoint;
    private final String optionalPrefix;
    private final Map<String, Supplier<Tensor>> derived = new ConcurrentHashMap<>();

    /** @param optionalPrefix what the file's names may lack at their beginning */
    public CheckpointWeights(Checkpoint checkpoint, String optionalPrefix) {
        this.checkpoint = checkpoint;
        this.optionalPrefix = optionalPrefix;
    }

    /** Adds a tensor that is made when it is first asked for. */
    public void derive(String name, Supplier<Tensor> tensor) {
        derived.put(name, Suppliers.memoize(tensor::get));
    }

    /**
     * Adds consecutive rows of a matrix, or entries of a vector, as tensors of their own, if there is such a tensor.
     *
     * @param names of the parts, in order
     * @param rows of each part; all of them together
     */
    public void split(String fused, String[] names, long... rows) {
        if (find(fused).isEmpty()) {
            return;
        }
        long total = LongStream.of(rows).sum();
        long start = 0;
        for (int i = 0; i < names.length; i++) {
            long first = start;
            long count = rows[i];
            derive(names[i], () -> TensorViews.rows(fused, requireRows(fused, total), first, count));
            start += rows[i];
        }
    }

    /**
     * Adds tensors of one type and shape as the entries of one, if that is not in the file and the first of them is.
     *
     * @param count how many there are
     * @param names of the parts, from 0 on
     */
    public void stack(String name, int count, IntFunction<String> names) {
        if (!has(name) && has(names.apply(0))) {
            derive(name, () -> {
                // One by one: of a hostile count the first that is missing ends it.
                List<Tensor> parts = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    parts.add(get(names.apply(i)));
                }
                return Tensor.stack(name, parts);
            });
        }
    }

    /** Gives the weight and the bias of a layer, as far as there are any, another name as well. */
    public void rename(String layer, String name) {
        for (String kind : List.of(".weight", ".bias")) {
            if (find(layer + kind).isPresent()) {
                derive(name + kind, () -> get(layer + kind));
            }
        }
    }

    private Tensor requireRows(String name, long rows) {
        Tensor tensor = get(name);
        if (tensor.shape().rank() == 0 || tensor.shape().dim(0) != rows) {
            throw new ModelFormatException(
                    checkpoint.path(), "tensor %s: got %s, expected %d rows".formatted(name, tensor, rows));
        }
        return tensor;
    }

    /** Whether there is a tensor of this name, in the file or made of others. */
    public boolean has(String name) {
        return find(name).isPresent();
    }

    @Override
    public Optional<Tensor> find(String name) {
        Supplier<Tensor> made = derived.get(name);
        if (made != null) {
            return Optional.of(made.get());
        }
        if (checkpoint.hasTensor(name)) {
            return Optional.of(checkpoint.tensor(name));
        }
        if (!optionalPrefix.isEmpty() && name.startsWith(optionalPrefix)) {
            String bare = name.substring(optionalPrefix.length());
            return checkpoint.hasTensor(bare) ? Optional.of(checkpoint.tensor(bare)) : Optional.empty();
        }
        return Optional.empty();
    }

    /**
     * The tensor of this name.
     *
     * @throws org.attention4j.loaders.ModelFormatException if there is none, naming it and the file
     */
    @Override
    public Tensor get(String name) {
        return find(name).orElseGet(() -> checkpoint.tensor(name));
    }
}
