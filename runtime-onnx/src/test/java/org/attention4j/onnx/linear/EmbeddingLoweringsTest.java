package org.attention4j.onnx.linear;

import java.util.List;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.linear.Embedding;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.OneOp;
import org.attention4j.testkit.RandomTensors;
import org.attention4j.testkit.Tolerance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows of tables of every type. */
class EmbeddingLoweringsTest {
    private static final int VOCAB = 41;
    private static final List<List<Tensor>> RUNS = List.of(ids(1, 1), ids(2, 9), ids(1, 0));

    private static List<Tensor> ids(long batch, long seq) {
        return List.of(RandomTensors.indices(seq, 0, VOCAB, Shape.of(batch, seq)));
    }

    private static OneOp embedding(DType dtype, long columns) {
        return new OneOp(new Embedding())
                .input(TensorType.of(DType.I64, Dims.BATCH, Dims.SEQ))
                .weight(RandomTensors.of(dtype, 1, Shape.of(VOCAB, columns)));
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F64", "F32", "F16", "BF16"})
    void plainTables(DType dtype) {
        embedding(dtype, 10).check("gather", new Tolerance(0, 1e-7), RUNS);
    }

    @ParameterizedTest
    @MethodSource("org.attention4j.onnx.linear.LinearLoweringsTest#blockTypes")
    void tablesOfBlocksGiveTheirVeryValues(DType dtype) {
        embedding(dtype, 768).check("gather_block_quantized", Tolerance.EXACT, RUNS);
    }
}
