package org.attention4j.onnx.norm;

import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.norm.LayerNorm;
import org.attention4j.core.norm.RmsNorm;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.OneOp;
import org.attention4j.testkit.RandomTensors;
import org.attention4j.testkit.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormLoweringsTest {
    private static final int DIM = 37;
    private static final Tolerance ROUNDING = new Tolerance(2e-6, 2e-6);
    private static final TensorType X = TensorType.of(DType.F32, Dims.BATCH, Dims.SEQ, Dim.of(3), Dim.of(DIM));
    private static final List<List<Tensor>> RUNS = List.of(
            List.of(RandomTensors.of(DType.F32, 1, Shape.of(1, 1, 3, DIM))),
            List.of(RandomTensors.uniform(2, 99, 101, Shape.of(2, 5, 3, DIM))),
            List.of(RandomTensors.normal(3, 1e-4, Shape.of(1, 2, 3, DIM))),
            List.of(Tensor.zeros(DType.F32, Shape.of(1, 1, 3, DIM))),
            List.of(Tensor.zeros(DType.F32, Shape.of(1, 0, 3, DIM))));

    private static Tensor vector(DType dtype, long seed) {
        return RandomTensors.of(dtype, seed, Shape.of(DIM));
    }

    @ParameterizedTest
    @CsvSource({"1e-6, 0, F32", "1e-5, 1, F32", "1e-2, 0, F16", "1e-5, 1, BF16"})
    void rmsNorm(double eps, double offset, DType weight) {
        new OneOp(new RmsNorm(eps, offset))
                .input(X)
                .weight(vector(weight, 4))
                .check("rms_normalization", ROUNDING, RUNS);
    }

    @Test
    void rmsNormWithAWeightThatIsComputed() {
        new OneOp(new RmsNorm(1e-5, 1))
                .input(X)
                .input(TensorType.of(DType.F16, Dim.of(DIM)))
                .check(
                        "rms_normalization",
                        ROUNDING,
                        List.of(List.of(RUNS.getFirst().getFirst(), vector(DType.F16, 4))));
    }

    /** Values near 100 that differ by 1: F32's rounding of them is 4e-6, and their norm magnifies it. */
    @ParameterizedTest
    @CsvSource({"F32, true", "F16, true", "F32, false"})
    void layerNorm(DType dtype, boolean bias) {
        OneOp op = new OneOp(new LayerNorm(1e-5, true, bias)).input(X).weight(vector(dtype, 4));
        (bias ? op.weight(vector(dtype, 5)) : op).check("layer_normalization", new Tolerance(1e-4, 0), RUNS);
    }

    @Test
    void layerNormWithoutWeight() {
        new OneOp(new LayerNorm(1e-5, false, false))
                .input(X)
                .check("layer_normalization", new Tolerance(1e-4, 0), RUNS);
    }
}
