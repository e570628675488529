package org.attention4j.onnx.linear;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.linear.Linear;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.OneOp;
import org.attention4j.testkit.RandomTensors;
import org.attention4j.testkit.Tolerance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Products with weights of every type and odd numbers of rows, each run with one token, several, and none. Tolerances are
 * relative to the size of the sums, which the weights' sizes give: about 0.6 for plain ones, and for blocks up to 37 (Q8_0), 2.3
 * (Q4_0), 700 (Q6_K) and 150 (Q4_K) with x around 1.
 */
class LinearLoweringsTest {
    private static final int COLUMNS = 512;

    /** Small multiples of F32's rounding. */
    private static final double ROUNDING = 2e-6;

    private static TensorType x(long columns) {
        return TensorType.of(DType.F32, Dims.BATCH, Dims.SEQ, Dim.of(columns));
    }

    private static List<List<Tensor>> runs(LongFunction<Tensor> x) {
        List<List<Tensor>> runs = new ArrayList<>();
        for (long rows : new long[] {1, 7, 37, 0}) {
            Tensor all = x.apply(rows);
            runs.add(List.of(all.reshape(Shape.of(1, rows, all.shape().dim(1)))));
        }
        runs.add(List.of(x.apply(6).reshape(Shape.of(3, 2, x.apply(6).shape().dim(1)))));
        return runs;
    }

    private static Tensor normal(long rows, long columns) {
        return RandomTensors.of(DType.F32, rows, Shape.of(rows, columns));
    }

    /** Whole numbers that rounding to 8 bits in blocks of 16 or 32 does not change: the largest of each is 127. */
    private static Tensor whole(long rows) {
        Tensor x = RandomTensors.indices(rows, -127, 128, Shape.of(rows, COLUMNS));
        Tensor out = Tensor.zeros(DType.F32, x.shape());
        for (long i = 0; i < rows * COLUMNS; i++) {
            out.setDouble(i, i % 16 == rows % 16 ? 127.0 : (double) x.getLong(i));
        }
        return out;
    }

    private static double size(DType dtype) {
        return switch (dtype) {
            case Q8_0 -> 37;
            case Q4_0 -> 2.3;
            case Q6_K -> 700;
            case Q4_K -> 150;
            default -> throw new IllegalArgumentException(dtype + " is plain");
        };
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F64", "F32", "F16", "BF16"})
    void plainWeightsBecomeF32(DType dtype) {
        new OneOp(new Linear(false))
                .input(x(50))
                .weight(RandomTensors.of(dtype, 1, Shape.of(37, 50)))
                .check("matmul_f32", new Tolerance(10 * ROUNDING, 0), runs(rows -> normal(rows, 50)));
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"Q8_0", "Q4_0", "Q6_K", "Q4_K"})
    void blocksOfSmallModelsBecomeF32(DType dtype) {
        new OneOp(new Linear(true))
                .input(x(COLUMNS))
                .weight(RandomTensors.of(dtype, 1, Shape.of(37, COLUMNS)))
                .weight(RandomTensors.of(DType.F16, 2, Shape.of(37)))
                .check("matmul_f32", new Tolerance(size(dtype) * ROUNDING, 0), runs(rows -> normal(rows, COLUMNS)));
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"Q8_0", "Q4_0", "Q6_K", "Q4_K"})
    void blocksOfLargeModelsKeepTheirBits(DType dtype) {
        new OneOp(new Linear(true))
                .input(x(COLUMNS))
                .weight(RandomTensors.of(dtype, 1, Shape.of(67, COLUMNS)))
                .weight(RandomTensors.of(DType.F32, 2, Shape.of(67)))
                .large()
                .check(
                        "matmul_nbits",
                        new Tolerance(200 * size(dtype) * ROUNDING, 0),
                        runs(LinearLoweringsTest::whole));
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"Q8_0", "Q4_0", "Q6_K", "Q4_K"})
    void roundedActivationsCostLittle(DType dtype) {
        new OneOp(new Linear(false))
                .input(x(COLUMNS))
                .weight(RandomTensors.of(dtype, 1, Shape.of(67, COLUMNS)))
                .large()
                .check("matmul_nbits", new Tolerance(0.03 * size(dtype), 0), runs(rows -> normal(rows, COLUMNS)));
    }

    @ParameterizedTest
    @CsvSource({"Q8_0, matmul_f32", "Q4_0, matmul_nbits", "Q6_K, matmul_f32", "Q4_K, matmul_nbits"})
    void exactActivationsAreNotRounded(DType dtype, String lowering) {
        new OneOp(new Linear(false))
                .input(x(COLUMNS))
                .weight(RandomTensors.of(dtype, 1, Shape.of(67, COLUMNS)))
                .large()
                .setting("activations", "exact")
                .check(lowering, new Tolerance(size(dtype) * ROUNDING, 0), runs(rows -> normal(rows, COLUMNS)));
    }
}
