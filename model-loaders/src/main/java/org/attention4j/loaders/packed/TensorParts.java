package org.attention4j.loaders.packed;

import static org.attention4j.loaders.ModelFormatException.quote;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.TensorInfo;
import org.attention4j.loaders.safetensors.SafetensorsModel;

/**
 * The tensors that packed layers consist of, checked as they are found.
 *
 * @param path for error messages
 * @param stored what the file says about all of its tensors
 */
record TensorParts(Path path, SafetensorsModel model, Map<String, TensorInfo> stored) {
    Optional<TensorInfo> find(String name) {
        return Optional.ofNullable(stored.get(name));
    }

    /**
     * A part of a packed layer.
     *
     * @throws ModelFormatException if there is none of this name, or it is of another type, rank or
     *     size than any layer's
     */
    TensorInfo get(String name, int rank, String types, Predicate<DType> isType) {
        TensorInfo info = find(name)
                .orElseThrow(
                        () -> new ModelFormatException(path, "a packed layer lacks tensor %s".formatted(quote(name))));
        if (info.dtype().filter(isType).isEmpty() || info.shape().rank() != rank) {
            throw new ModelFormatException(
                    path,
                    "tensor %s is %s%s, expected %s of %d dimensions"
                            .formatted(quote(name), info.type(), info.shape(), types, rank));
        }
        if (Arrays.stream(info.shape().dims()).anyMatch(d -> d < 1 || d > Integer.MAX_VALUE)) {
            throw bad(info, "dimensions from 1 to " + Integer.MAX_VALUE);
        }
        return info;
    }

    /** Fails unless a tensor has the dims that others and the configuration ask for. */
    void requireDims(TensorInfo info, String reason, long... dims) {
        if (!Arrays.equals(info.shape().dims(), dims)) {
            throw bad(info, Arrays.toString(dims) + " " + reason);
        }
    }

    /** The error about a tensor whose shape fits nothing. */
    ModelFormatException bad(TensorInfo info, String expected) {
        return new ModelFormatException(
                path, "tensor %s has shape %s, expected %s".formatted(quote(info.name()), info.shape(), expected));
    }

    MemorySegment bytes(TensorInfo info) {
        return model.bytes(info.name());
    }

    Tensor tensor(TensorInfo info) {
        return model.tensor(info.name());
    }
}
