package org.attention4j.onnx.linear;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.Stream;
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
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Products with weights of every type and odd numbers of rows, each run with one token, several, and none. Tolerances are
 * relative to the size of the sums, which the weights' sizes give.
 */
class LinearLoweringsTest {
    private static final int COLUMNS = 512;

    /** Small multiples of F32's rounding. */
    private static final double ROUNDING = 2e-6;

    /** For x up to 127 and unsigned numbers of eight bits, whose common share in a sum is taken away afterwards. */
    private static final double WHOLE_NUMBERS = 5e-3;

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

    /** The standard deviation of a product with x around 1, and half as much again. */
    private static double size(Tensor weight) {
        double squares = 0;
        for (float w : weight.toFloatArray()) {
            squares += w * w;
        }
        return 1.5 * Math.sqrt(squares / weight.shape().dim(0));
    }

    static Stream<DType> blockTypes() {
        return Arrays.stream(DType.values()).filter(DType::isQuantized);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F64", "F32", "F16", "BF16"})
    void plainWeightsAreMultipliedInF32(DType dtype) {
        new OneOp(new Linear(false))
                .input(x(50))
                .weight(RandomTensors.of(dtype, 1, Shape.of(37, 50)))
                .check(OneOp.floatProduct(dtype), new Tolerance(10 * ROUNDING, 0), runs(rows -> normal(rows, 50)));
    }

    /** Those that ONNX Runtime shares between threads, and where code can't be generated. */
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F32", "F16"})
    void largePlainWeightsBecomeF32(DType dtype) {
        new OneOp(new Linear(false))
                .input(x(1024))
                .weight(RandomTensors.of(dtype, 1, Shape.of(1025, 1024)))
                .check("matmul_f32", new Tolerance(40 * ROUNDING, 1e-6), runs(rows -> normal(rows, 1024)));
    }

    @ParameterizedTest
    @MethodSource("blockTypes")
    void blocksOfSmallModelsBecomeF32(DType dtype) {
        Tensor weight = RandomTensors.of(dtype, 1, Shape.of(37, COLUMNS));
        new OneOp(new Linear(true))
                .input(x(COLUMNS))
                .weight(weight)
                .weight(RandomTensors.of(DType.F16, 2, Shape.of(37)))
                .check("matmul_f32", new Tolerance(size(weight) * ROUNDING, 0), runs(rows -> normal(rows, COLUMNS)));
    }

    @ParameterizedTest
    @MethodSource("blockTypes")
    void blocksOfLargeModelsKeepTheirValues(DType dtype) {
        keepsValues(dtype, OneOp.fastProduct(dtype));
    }

    /** Also where this machine has code of its own for the type. */
    @ParameterizedTest
    @MethodSource("blockTypes")
    void onnxRuntimesProductKeepsValues(DType dtype) {
        keepsValues(dtype, "matmul_nbits");
    }

    private static void keepsValues(DType dtype, String lowering) {
        Tensor weight = RandomTensors.of(dtype, 1, Shape.of(67, COLUMNS));
        new OneOp(new Linear(true))
                .input(x(COLUMNS))
                .weight(weight)
                .weight(RandomTensors.of(DType.F32, 2, Shape.of(67)))
                .large()
                .pin("linear", lowering)
                .check(lowering, new Tolerance(WHOLE_NUMBERS * size(weight), 0), runs(LinearLoweringsTest::whole));
    }

    @ParameterizedTest
    @MethodSource("blockTypes")
    void roundedActivationsCostLittle(DType dtype) {
        Tensor weight = RandomTensors.of(dtype, 1, Shape.of(67, COLUMNS));
        new OneOp(new Linear(false))
                .input(x(COLUMNS))
                .weight(weight)
                .large()
                .check(
                        OneOp.fastProduct(dtype),
                        new Tolerance(0.03 * size(weight), 0),
                        runs(rows -> normal(rows, COLUMNS)));
    }

    /** Of types that take four bits; of those that take eight, ONNX Runtime has no fast product with exact activations. */
    @ParameterizedTest
    @CsvSource({"Q8_0, matmul_f32", "Q4_0, matmul_nbits", "Q6_K, matmul_f32", "Q4_K, matmul_nbits"})
    void exactActivationsAreNotRounded(DType dtype, String lowering) {
        Tensor weight = RandomTensors.of(dtype, 1, Shape.of(67, COLUMNS));
        new OneOp(new Linear(false))
                .input(x(COLUMNS))
                .weight(weight)
                .large()
                .setting("activations", "exact")
                .check(lowering, new Tolerance(size(weight) * ROUNDING, 0), runs(rows -> normal(rows, COLUMNS)));
    }
}
