package org.attention4j.loaders.architecture;

import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * The parameters of Mamba's layers as its mixers want them. Transformers stores log(−A), GGUF files A itself; both keep
 * vectors and convolutions in shapes of their own.
 */
final class StateSpaceWeights {
    private StateSpaceWeights() {}

    /**
     * Adds what a mixer reads and a file does not have in that shape.
     *
     * @param stored the same checkpoint's tensors, as they are in the file
     * @param mixer what the names of the layer's parameters begin with
     * @param a the dims of A
     * @param channels of the convolution
     */
    static void derive(
            CheckpointWeights weights, CheckpointWeights stored, String mixer, Shape a, int channels, int kernel) {
        rates(weights, stored, mixer, a);
        if (stored.has(mixer + ".D")) {
            shape(weights, stored, mixer + ".D", Shape.of(a.dim(0)));
        }
        shape(weights, stored, mixer + ".conv1d.weight", Shape.of(channels, 1, kernel));
    }

    /** Adds {@code A} of these dims. */
    static void rates(CheckpointWeights weights, CheckpointWeights stored, String mixer, Shape a) {
        String logs = mixer + ".A_log";
        weights.derive(
                mixer + ".A",
                () -> stored.has(logs)
                        ? negativeExp(shaped(logs, stored.get(logs), a))
                        : shaped(mixer + ".A", stored.get(mixer + ".A"), a));
    }

    /** Gives a tensor of the file other dims of as many elements. */
    static void shape(CheckpointWeights weights, CheckpointWeights stored, String name, Shape shape) {
        weights.derive(name, () -> shaped(name, stored.get(name), shape));
    }

    private static Tensor shaped(String name, Tensor t, Shape shape) {
        if (t.shape().elements() != shape.elements()) {
            throw new IllegalArgumentException(
                    "tensor %s: got %s, expected the elements of %s".formatted(name, t, shape));
        }
        return Tensor.of(t.dtype(), shape, t.data());
    }

    private static Tensor negativeExp(Tensor logs) {
        Tensor out = Tensor.zeros(DType.F32, logs.shape());
        for (long i = 0; i < logs.shape().elements(); i++) {
            out.setDouble(i, -Math.exp(logs.getDouble(i)));
        }
        return out;
    }
}
