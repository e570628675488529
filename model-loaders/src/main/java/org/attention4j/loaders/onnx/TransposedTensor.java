package org.attention4j.loaders.onnx;

import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.architecture.TransposedContents;

/** Matrices of the model, transposed when they are read: ONNX has {@code [in, out]}, linear layers {@code [out, in]}. */
public final class TransposedTensor {
    private TransposedTensor() {}

    /** The transposed of a matrix of a plain type; of one that this made, the matrix itself. */
    public static Tensor of(Tensor matrix) {
        if (matrix.contents().orElse(null) instanceof TransposedContents(Tensor source)) {
            return source;
        }
        return Tensor.of(
                matrix.dtype(), Shape.of(matrix.shape().dim(1), matrix.shape().dim(0)), new TransposedContents(matrix));
    }
}
