package org.attention4j.onnx.moe;

import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.Dims;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.moe.Experts;
import org.attention4j.core.moe.GateUp;
import org.attention4j.core.moe.Gating;
import org.attention4j.core.quant.ReorderedColumns;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.onnx.OneOp;
import org.attention4j.testkit.RandomTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link OnnxMoeLawsTest} checks what is computed; here are the products that it is computed by, and sizes. */
class SortedExpertsTest {
    private static final String FLOAT_PRODUCT = OneOp.floatProduct(DType.F32);
    private static final int EXPERTS = 4;
    private static final int TOP_K = 2;
    private static final int DIM = 256;
    private static final int HIDDEN = 256;
    private static final Experts SWIGLU = new Experts(GateUp.SEPARATE, new Gating.Glu(Activation.SILU), false);

    private static final double ROUNDING = 1e-5;

    /** x and the hidden values are rounded to 8 bits. */
    private static final double INT8 = 0.03;

    private static OneOp onTokens(Experts op) {
        return new OneOp(op)
                .input(TensorType.of(DType.F32, Dim.of(1), Dims.SEQ, Dim.of(DIM)))
                .input(TensorType.of(DType.I64, Dim.of(1), Dims.SEQ, Dim.of(TOP_K)))
                .input(TensorType.of(DType.F32, Dim.of(1), Dims.SEQ, Dim.of(TOP_K)));
    }

    private static Tensor stack(DType dtype, int seed, long rows, long columns) {
        return RandomTensors.of(dtype, seed, Shape.of(EXPERTS, rows, columns));
    }

    private static List<Tensor> run(int tokens) {
        return List.of(
                RandomTensors.normal(tokens, 0.1, Shape.of(1, tokens, DIM)),
                RandomTensors.indices(tokens, 0, EXPERTS, Shape.of(1, tokens, TOP_K)),
                RandomTensors.uniform(tokens, 0, 1, Shape.of(1, tokens, TOP_K)));
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"Q8_0", "Q4_0", "Q4_K", "Q6_K"})
    void quantisedExpertsAreMultipliedAsTheyAre(DType dtype) {
        onTokens(SWIGLU)
                .weight(stack(dtype, 1, HIDDEN, DIM))
                .weight(stack(dtype, 2, HIDDEN, DIM))
                .weight(stack(dtype, 3, DIM, HIDDEN))
                .large()
                .checkOfLargest(
                        List.of("sorted_by_expert", OneOp.fastProduct(dtype), "node", OneOp.fastProduct(dtype)),
                        INT8,
                        List.of(run(1), run(40)));
    }

    /** A matrix of blocks whose columns are in an order of each expert's own. */
    private static Tensor reordered(int seed, long rows, int columns) {
        List<Tensor> experts = new ArrayList<>();
        for (int e = 0; e < EXPERTS; e++) {
            List<Integer> order = IntStream.range(0, columns).boxed().collect(Collectors.toList());
            Collections.shuffle(order, new Random(seed + e));
            Tensor blocks = RandomTensors.of(DType.INT4_G64, seed + e, Shape.of(rows, columns));
            experts.add(Tensor.of(
                    DType.F32, blocks.shape(), new ReorderedColumns(blocks, ImmutableIntArray.copyOf(order))));
        }
        return Tensor.stack("experts", experts);
    }

    @Test
    void expertsMayHaveTheirColumnsInAnotherOrder() {
        onTokens(SWIGLU)
                .weight(reordered(10, HIDDEN, DIM))
                .weight(reordered(20, HIDDEN, DIM))
                .weight(reordered(30, DIM, HIDDEN))
                .large()
                .checkOfLargest(
                        List.of("sorted_by_expert", "matmul_nbits", "matmul_nbits", "node", "matmul_nbits"),
                        INT8,
                        List.of(run(1), run(20)));
    }

    @Test
    void gateAndUpOfDifferentTypesAreTwoProducts() {
        onTokens(SWIGLU)
                .weight(stack(DType.Q8_0, 1, HIDDEN, DIM))
                .weight(stack(DType.F16, 2, HIDDEN, DIM))
                .weight(stack(DType.BF16, 3, DIM, HIDDEN))
                .checkOfLargest(
                        List.of("sorted_by_expert", "matmul_f32", FLOAT_PRODUCT, "node", "matmul_f32"),
                        ROUNDING,
                        List.of(run(5)));
    }

    @Test
    void noTokensGiveNoResults() {
        onTokens(SWIGLU)
                .weight(stack(DType.F32, 1, HIDDEN, DIM))
                .weight(stack(DType.F32, 2, HIDDEN, DIM))
                .weight(stack(DType.F32, 3, DIM, HIDDEN))
                .checkOfLargest(
                        List.of("sorted_by_expert", FLOAT_PRODUCT, "node", FLOAT_PRODUCT), ROUNDING, List.of(run(0)));
    }

    @Test
    void weightsMayBeComputed() {
        Experts op = new Experts(GateUp.CONCATENATED, new Gating.Glu(Activation.SILU), false);
        onTokens(op)
                .input(TensorType.of(DType.F32, Shape.of(EXPERTS, 2 * HIDDEN, DIM)))
                .weight(stack(DType.F32, 3, DIM, HIDDEN))
                .checkOfLargest(
                        List.of("sorted_by_expert", "matmul_f32", "node", FLOAT_PRODUCT),
                        ROUNDING,
                        List.of(List.of(
                                run(3).get(0), run(3).get(1), run(3).get(2), stack(DType.F32, 9, 2 * HIDDEN, DIM))));
    }
}
