package org.attention4j.core.moe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.attention4j.core.OneOp;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.mlp.Activation;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;

class MoeTest {
    private static final Experts EXPERTS = new Experts(GateUp.SEPARATE, new Gating.Glu(Activation.RELU), false);
    private static final Moe MOE = new Moe(Routing.of(1, Scoring.SOFTMAX).normalised(), EXPERTS);

    private static final Tensor X = Tensor.f32(Shape.of(2, 1), 1, 2);
    private static final Tensor ROUTER = Tensor.f32(Shape.of(2, 1), 1, -1);
    private static final Tensor GATE = Tensor.f32(Shape.of(2, 1, 1), 3, 5);
    private static final Tensor UP = Tensor.f32(Shape.of(2, 1, 1), 1, 1);
    private static final Tensor DOWN = Tensor.f32(Shape.of(2, 1, 1), 1, 1);

    @Test
    void tellsWhichExpertsTokensWentThrough() {
        List<float[]> results = OneOp.runAll(MOE, X, ROUTER, GATE, UP, DOWN);
        assertArrayEquals(new float[] {3, 12}, results.get(0));
        assertArrayEquals(new float[] {0, 0}, results.get(1));
    }

    @Test
    void theRoutersBiasChoosesToo() {
        Moe biased = new Moe(MOE.routing(), EXPERTS, true, Optional.empty());
        Tensor bias = Tensor.f32(Shape.of(2), -3, 0);
        List<float[]> results = OneOp.runAll(biased, X, ROUTER, bias, GATE, UP, DOWN);
        assertArrayEquals(new float[] {5, 12}, results.get(0));
        assertArrayEquals(new float[] {1, 0}, results.get(1));
    }

    @Test
    void everyTokenGoesThroughTheSharedExpert() {
        Tensor shared = Tensor.f32(Shape.of(1, 1), 10);
        Tensor zero = Tensor.f32(Shape.of(1, 1), 0);
        Moe added = MOE.withShared(new SharedExpert(Activation.RELU, false));
        assertArrayEquals(
                new float[] {3 + 1000, 12 + 4000},
                OneOp.runAll(added, X, ROUTER, GATE, UP, DOWN, shared, shared, shared)
                        .getFirst());
        Moe gated = MOE.withShared(new SharedExpert(Activation.RELU, true));
        assertArrayEquals(
                new float[] {3 + 500, 12 + 2000},
                OneOp.runAll(gated, X, ROUTER, GATE, UP, DOWN, shared, shared, shared, zero)
                        .getFirst());
    }

    @Test
    void namesItsWeights() {
        Moe everything = new Moe(
                Routing.of(1, Scoring.SIGMOID).withSelectionBias(),
                new Experts(GateUp.INTERLEAVED, EXPERTS.gating(), true),
                true,
                Optional.of(new SharedExpert(Activation.SILU, true)));
        assertEquals(
                List.of(
                        "x",
                        "router",
                        "router_bias",
                        "selection_bias",
                        "gate_up",
                        "down",
                        "gate_up_bias",
                        "down_bias",
                        "shared_gate",
                        "shared_up",
                        "shared_down",
                        "shared_router"),
                everything.inputNames());
    }

    @Test
    void refusesARouterOfAnotherNumberOfExperts() {
        TensorType x = TensorType.of(DType.F32, Shape.of(5, 2));
        TensorType router = TensorType.of(DType.F32, Shape.of(4, 2));
        TensorType stack = TensorType.of(DType.Q8_0, Shape.of(3, 2, 2));
        assertEquals(
                "moe: input gate is Q8_0[3, 2, 2], expected a stack of 4 experts",
                OneOp.refusal(MOE, x, router, stack, stack, stack));
        Moe many = new Moe(Routing.of(5, Scoring.SOFTMAX), EXPERTS);
        TensorType four = TensorType.of(DType.Q8_0, Shape.of(4, 2, 2));
        assertEquals(
                "routing: input logits is F32[5, 4], expected at least topK 5 experts",
                OneOp.refusal(many, x, router, four, four, four));
    }
}
