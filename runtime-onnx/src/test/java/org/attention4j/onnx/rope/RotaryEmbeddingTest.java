package org.attention4j.onnx.rope;

import static org.attention4j.core.backend.Plan.DECOMPOSED;

import java.util.List;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.rope.Rope;
import org.attention4j.core.rope.RopeScaling;
import org.attention4j.core.rope.RopeStyle;
import org.attention4j.core.rope.RopeTable;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.OneOp;
import org.attention4j.testkit.RandomTensors;
import org.attention4j.testkit.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RotaryEmbeddingTest {
    private static final Tolerance ROUNDING = new Tolerance(1e-6, 1e-6);

    private static TensorType table(Dim batch, int rotaryDim) {
        return TensorType.of(DType.F32, batch, Dims.SEQ, Dim.of(rotaryDim / 2));
    }

    @ParameterizedTest
    @CsvSource({"HALF, 16", "HALF, 10", "HALF, 2", "INTERLEAVED, 16", "INTERLEAVED, 10"})
    void agreesWithTheReference(RopeStyle style, int rotaryDim) {
        new OneOp(new Rope(style, rotaryDim))
                .input(TensorType.of(DType.F32, Dims.BATCH, Dims.SEQ, Dim.of(3), Dim.of(16)))
                .input(table(Dims.BATCH, rotaryDim))
                .input(table(Dims.BATCH, rotaryDim))
                .check(
                        "rotary_embedding",
                        ROUNDING,
                        List.of(run(1, 1, rotaryDim), run(2, 7, rotaryDim), run(1, 0, rotaryDim)));
    }

    private static List<Tensor> run(long batch, long seq, long rotaryDim) {
        Shape table = Shape.of(batch, seq, rotaryDim / 2);
        return List.of(
                RandomTensors.of(DType.F32, 1, Shape.of(batch, seq, 3, 16)),
                RandomTensors.of(DType.F32, 2, table),
                RandomTensors.of(DType.F32, 3, table));
    }

    /** In F32, the angle of position 131,071 would be wrong by up to 0.004. */
    @Test
    void tablesAreExactAtLargePositions() {
        checkTable(new RopeScaling.Default());
        checkTable(new RopeScaling.Llama3(8, 1, 4, 8192));
        checkTable(new RopeScaling.DynamicNtk(2, 4096));
    }

    private static void checkTable(RopeScaling scaling) {
        new OneOp(new RopeTable(500_000, 64, scaling))
                .input(TensorType.of(DType.I64, Dims.BATCH, Dims.SEQ))
                .check(
                        DECOMPOSED,
                        new Tolerance(1e-6, 0),
                        List.of(
                                List.of(Tensor.i64(Shape.of(1, 5), 0, 1, 4095, 65_537, 131_071)),
                                List.of(Tensor.i64(Shape.of(2, 1), 131_072, 16_777_217))));
    }
}
