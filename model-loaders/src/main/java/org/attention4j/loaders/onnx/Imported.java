package org.attention4j.loaders.onnx;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** What is known of an ONNX value while its graph is imported. */
public sealed interface Imported {
    /** The value's type. */
    TensorType type();

    /**
     * A tensor that is part of the model, or follows from such.
     *
     * @param label what the graph's constant is called
     */
    record Constant(String label, Tensor tensor) implements Imported {
        @Override
        public TensorType type() {
            return TensorType.of(tensor.dtype(), tensor.shape());
        }
    }

    /**
     * Integers that describe shapes: each element is a size that may be symbolic. Elements may be negative numbers, as in the
     * second input of {@code Reshape}.
     *
     * @param dtype I64 or I32
     */
    record Sizes(DType dtype, Shape shape, List<Dim> elements) implements Imported {
        public Sizes {
            elements = ImmutableList.copyOf(elements);
        }

        /** An I64 vector. */
        public static Sizes vector(List<Dim> elements) {
            return new Sizes(DType.I64, Shape.of(elements.size()), elements);
        }

        /** An I64 scalar. */
        public static Sizes scalar(Dim element) {
            return new Sizes(DType.I64, Shape.of(), ImmutableList.of(element));
        }

        @Override
        public TensorType type() {
            return TensorType.of(dtype, shape);
        }
    }

    /** A value that the graph computes, or is given. */
    record Computed(Value value) implements Imported {
        @Override
        public TensorType type() {
            return value.type();
        }
    }
}
