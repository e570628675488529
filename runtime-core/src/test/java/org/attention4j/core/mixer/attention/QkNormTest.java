package org.attention4j.core.mixer.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class QkNormTest {
    private static final double EPS = 0.5;

    @Test
    void allHeadsShareWeights() {
        QkNorm norm = new QkNorm(QkNorm.Kind.HEAD_RMS, EPS, 1);
        float[] y = run(norm, Shape.of(1, 1, 2, 2), new float[] {3, 4, 1, 2}, new float[] {1, 9});
        double first = Math.sqrt(12.5 + EPS);
        double second = Math.sqrt(2.5 + EPS);
        assertArrayEquals(floats(2 * 3 / first, 10 * 4 / first, 2 * 1 / second, 10 * 2 / second), y, 1e-5f);
        assertArrayEquals(new long[] {2}, norm.weightDims(2, 2));
    }

    @Test
    void theProjectionIsNormalisedAtOnce() {
        QkNorm norm = new QkNorm(QkNorm.Kind.PROJECTION_RMS, EPS);
        float[] y = run(norm, Shape.of(1, 1, 4), new float[] {3, 4, 1, 2}, new float[] {1, 2, 3, 4});
        double root = Math.sqrt(7.5 + EPS);
        assertArrayEquals(floats(3 / root, 8 / root, 3 / root, 8 / root), y, 1e-5f);
        assertArrayEquals(new long[] {4}, norm.weightDims(2, 2));
    }

    @Test
    void headsHaveWeightsOfTheirOwn() {
        QkNorm norm = new QkNorm(QkNorm.Kind.HEAD_LAYER, EPS);
        float[] y = run(norm, Shape.of(1, 1, 2, 2), new float[] {3, 5, 1, 7}, new float[] {1, 2, 3, 4});
        double first = Math.sqrt(1 + EPS);
        double second = Math.sqrt(9 + EPS);
        assertArrayEquals(floats(-1 / first, 2 / first, -9 / second, 12 / second), y, 1e-5f);
        assertArrayEquals(new long[] {2, 2}, norm.weightDims(2, 2));
    }

    private static float[] floats(double... values) {
        float[] out = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            out[i] = (float) values[i];
        }
        return out;
    }

    private static float[] run(QkNorm norm, Shape shape, float[] x, float[] weight) {
        Shape weightShape = norm.kind() == QkNorm.Kind.HEAD_LAYER ? Shape.of(2, 2) : Shape.of(weight.length);
        Map<String, Tensor> inputs =
                ImmutableMap.of("x", Tensor.f32(shape, x), "weight", Tensor.f32(weightShape, weight));
        GraphBuilder b = new GraphBuilder("norm");
        Value in = b.input("x", TensorType.of(DType.F32, shape));
        b.result("y", norm.write(b, in, b.input("weight", TensorType.of(DType.F32, weightShape))));
        try (Backend backend = Backends.create("reference", BackendOptions.DEFAULT);
                CompiledGraph compiled = backend.compile(b.build(), CompileOptions.DEFAULT)) {
            return compiled.run(inputs).values().iterator().next().toFloatArray();
        }
    }
}
