package org.attention4j.core.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.ir.Composite;
import org.attention4j.core.ir.Dim;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.ir.Value;
import org.attention4j.core.norm.RmsNorm;
import org.attention4j.core.tensor.DType;
import org.junit.jupiter.api.Test;

class LoweringChooserTest {
    private static final Composite NORM = new Composite(
            new RmsNorm(1e-5, 0), List.of(), List.of(new Value("layers.0/norm", TensorType.of(DType.F32, Dim.of(4)))));

    private record Kernel(String name, String op, int priority, Answer answer) implements Lowering {
        @Override
        public Answer supports(Composite composite) {
            return answer;
        }
    }

    private static Kernel yes(String name, int priority) {
        return new Kernel(name, "rms_norm", priority, Lowering.Answer.yes());
    }

    private static Kernel no(String name, int priority) {
        return new Kernel(name, "rms_norm", priority, Lowering.Answer.no("the moon is full"));
    }

    private static LoweringChooser<Kernel> chooser(Map<String, String> pinned, Kernel... kernels) {
        return new LoweringChooser<>(List.of(kernels), new CompileOptions(pinned));
    }

    @Test
    void theHighestPriorityThatAnswersYesIsTaken() {
        Kernel other = new Kernel("other", "softmax", 99, Lowering.Answer.yes());
        LoweringChooser<Kernel> chooser = chooser(Map.of(), yes("slow", 1), no("fast", 9), yes("good", 5), other);
        assertEquals(Optional.of(yes("good", 5)), chooser.choose(NORM));
        Plan plan = chooser.plan("test", "cpu");
        Plan.Choice choice = new Plan.Choice(
                "layers.0/norm", "rms_norm", "good", List.of(new Plan.Refusal("fast", "the moon is full")), "");
        assertEquals(new Plan("test", "cpu", List.of(choice)), plan);
    }

    @Test
    void whatALoweringTellsIsInThePlan() {
        Kernel talkative = new Kernel("talkative", "rms_norm", 1, Lowering.Answer.yes("in half the time"));
        LoweringChooser<Kernel> chooser = chooser(Map.of(), talkative);
        chooser.choose(NORM);
        assertEquals(
                "in half the time",
                chooser.plan("test", "cpu").choices().getFirst().note());
    }

    @Test
    void equalPrioritiesGoByName() {
        assertEquals(
                Optional.of(yes("a", 1)),
                chooser(Map.of(), yes("b", 1), yes("a", 1)).choose(NORM));
    }

    @Test
    void withoutALoweringItIsDecomposed() {
        LoweringChooser<Kernel> chooser = chooser(Map.of(), no("fast", 9));
        assertEquals(Optional.empty(), chooser.choose(NORM));
        assertEquals(
                List.of(Plan.DECOMPOSED),
                chooser.plan("test", "cpu").choices().stream()
                        .map(Plan.Choice::lowering)
                        .toList());
    }

    @Test
    void aPinGoesBeforePriority() {
        LoweringChooser<Kernel> chooser = chooser(Map.of("rms_norm", "slow"), yes("slow", 1), yes("good", 5));
        assertEquals(Optional.of(yes("slow", 1)), chooser.choose(NORM));
        assertEquals(
                List.of(new Plan.Refusal("good", "the caller pinned slow")),
                chooser.plan("test", "cpu").choices().getFirst().refusals());
        assertEquals(
                Optional.empty(),
                chooser(Map.of("rms_norm", Plan.DECOMPOSED), yes("good", 5)).choose(NORM));
    }

    @Test
    void aPinThatRefusesOrIsUnknownFails() {
        BackendException refused = assertThrows(
                BackendException.class,
                () -> chooser(Map.of("rms_norm", "fast"), no("fast", 9)).choose(NORM));
        assertEquals(
                "layers.0/norm: rms_norm can't be lowered to the pinned fast: the moon is full", refused.getMessage());
        BackendException unknown = assertThrows(
                BackendException.class,
                () -> chooser(Map.of("rms_norm", "none"), yes("good", 5)).choose(NORM));
        assertEquals(
                "layers.0/norm: rms_norm can't be lowered to the pinned none: there is none of this name,"
                        + " but good or decomposed",
                unknown.getMessage());
    }

    @Test
    void answersByCondition() {
        assertEquals(Lowering.Answer.yes(), Lowering.Answer.onlyIf(true, "never"));
        assertEquals(Lowering.Answer.no("only F32"), Lowering.Answer.onlyIf(false, "only F32"));
    }
}
