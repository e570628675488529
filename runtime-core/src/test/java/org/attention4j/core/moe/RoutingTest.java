package org.attention4j.core.moe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.attention4j.core.OneOp;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.moe.ExpertGroups.Score;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class RoutingTest {
    /** Their exponentials are 1, 2, 4, 8, in another order. */
    private static final Tensor LOGITS = Tensor.f32(Shape.of(1, 4), log(2), log(8), log(1), log(4));

    private static float log(double x) {
        return (float) Math.log(x);
    }

    /** The logit whose sigmoid is p. */
    private static float logit(double p) {
        return (float) Math.log(p / (1 - p));
    }

    private static void assertRoutes(Routing routing, float[] ids, float[] weights, Tensor... inputs) {
        List<float[]> results = OneOp.runAll(routing, inputs);
        assertArrayEquals(ids, results.get(0));
        assertArrayEquals(weights, results.get(1), 1e-6f);
    }

    @Test
    void softmaxOverAllExperts() {
        float[] ids = {1, 3};
        assertRoutes(Routing.of(2, Scoring.SOFTMAX), ids, new float[] {8 / 15f, 4 / 15f}, LOGITS);
        assertRoutes(Routing.of(2, Scoring.SOFTMAX).normalised(), ids, new float[] {2 / 3f, 1 / 3f}, LOGITS);
        assertRoutes(Routing.of(2, Scoring.SOFTMAX_OF_CHOSEN), ids, new float[] {2 / 3f, 1 / 3f}, LOGITS);
    }

    @Test
    void weightsAreScaledAtLast() {
        Routing routing = Routing.of(2, Scoring.SOFTMAX).normalised().withScale(3);
        assertRoutes(routing, new float[] {1, 3}, new float[] {2, 1}, LOGITS);
    }

    @Test
    void aBiasChoosesButDoesNotWeigh() {
        Tensor logits = Tensor.f32(Shape.of(1, 3), logit(0.5), logit(0.6), logit(0.2));
        Tensor bias = Tensor.f32(Shape.of(3), 0, -0.5f, 1);
        Routing routing = Routing.of(2, Scoring.SIGMOID).withSelectionBias();
        assertRoutes(routing, new float[] {2, 0}, new float[] {0.2f, 0.5f}, logits, bias);
    }

    @Test
    void groupsAreChosenByTheirBestExperts() {
        Tensor logits =
                Tensor.f32(Shape.of(1, 6), logit(0.9), logit(0.1), logit(0.6), logit(0.7), logit(0.3), logit(0.2));
        Routing routing = Routing.of(2, Scoring.SIGMOID);
        assertRoutes(
                routing.withGroups(new ExpertGroups(3, 1, Score.MAX)),
                new float[] {0, 1},
                new float[] {0.9f, 0.1f},
                logits);
        assertRoutes(
                routing.withGroups(new ExpertGroups(3, 1, Score.TOP2_SUM)),
                new float[] {3, 2},
                new float[] {0.7f, 0.6f},
                logits);
        assertRoutes(
                routing.withGroups(new ExpertGroups(3, 2, Score.MAX)),
                new float[] {0, 3},
                new float[] {0.9f, 0.7f},
                logits);
    }

    @Test
    void noExpertOfAnotherGroupIsChosenHoweverLowTheScores() {
        Tensor logits = Tensor.f32(Shape.of(1, 4), 0, 0, -1, -1);
        Tensor bias = Tensor.f32(Shape.of(4), -3, -3, -5, -5);
        Routing routing = Routing.of(2, Scoring.SIGMOID)
                .withSelectionBias()
                .withGroups(new ExpertGroups(2, 1, Score.TOP2_SUM))
                .normalised();
        assertRoutes(routing, new float[] {0, 1}, new float[] {0.5f, 0.5f}, logits, bias);
    }

    @Test
    void scoresThatAreAllZeroGiveNoNaN() {
        Tensor logits = Tensor.f32(Shape.of(1, 2), -1e4f, -1e4f);
        Routing routing = Routing.of(1, Scoring.SIGMOID).normalised();
        assertRoutes(routing, new float[] {0}, new float[] {0}, logits);
    }

    @Test
    void refusesWhatCannotBeChosen() {
        TensorType logits = TensorType.of(DType.F32, Shape.of(1, 6));
        Routing routing = Routing.of(4, Scoring.SOFTMAX);
        assertEquals(
                "routing: input logits is F32[1, 6], expected at least topK 7 experts",
                OneOp.refusal(Routing.of(7, Scoring.SOFTMAX), logits));
        assertEquals(
                "routing: 6 experts are not a multiple of 4 groups",
                OneOp.refusal(routing.withGroups(new ExpertGroups(4, 1, Score.MAX)), logits));
        assertEquals(
                "routing: topK 4 is more than the 2 experts of 1 groups",
                OneOp.refusal(routing.withGroups(new ExpertGroups(3, 1, Score.MAX)), logits));
        assertEquals(
                "routing: groups of 1 experts, expected at least 2 for the score TOP2_SUM",
                OneOp.refusal(routing.withGroups(new ExpertGroups(6, 4, Score.TOP2_SUM)), logits));
        assertEquals(
                "routing: input selection_bias is F32[1, 6], expected dims [6] of a float dtype",
                OneOp.refusal(routing.withSelectionBias(), logits, logits));
    }

    @Test
    void refusesNumbersThatMakeNoSense() {
        assertRefuses("routing: topK is 0, expected at least 1", () -> Routing.of(0, Scoring.SOFTMAX));
        assertRefuses(
                "routing: scale is NaN, expected a finite number",
                () -> Routing.of(1, Scoring.SOFTMAX).withScale(Double.NaN));
        assertRefuses("routing: 3 groups chosen of 2, expected 1 to 2", () -> new ExpertGroups(2, 3, Score.MAX));
        assertRefuses("routing: 1 groups chosen of 0, expected 1 to 1", () -> new ExpertGroups(0, 1, Score.MAX));
    }

    private static void assertRefuses(String message, Executable make) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, make).getMessage());
    }
}
