package org.attention4j.testkit;

import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.attention4j.core.mixer.linearattention.Decay;
import org.attention4j.core.mixer.linearattention.LinearRecurrence;
import org.attention4j.core.mixer.recurrence.DiagonalRecurrence;
import org.attention4j.core.mixer.rwkv.Wkv4;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/**
 * The recurrences of all models over {@value #TOKENS} tokens. Each head, or channel, fades in a way of its own: hardly at all,
 * altogether at each token, by anything between that changes from token to token, or hardly at all but for a few tokens that end
 * what came before.
 */
final class LongRecurrenceCases {
    private static final int TOKENS = 4096;
    private static final int HEADS = 4;
    private static final double HARDLY = -1e-7;
    private static final double ALTOGETHER = -1e4;
    private static final LinearRecurrenceInputs INPUTS = new LinearRecurrenceInputs(1, HEADS, 4, 4);

    private LongRecurrenceCases() {}

    static Stream<LongRecurrenceCase> all() {
        return Stream.of(
                linear("linear attention", Decay.NONE, false, false, LongRecurrenceCases::changing),
                linear("RetNet, Lightning", Decay.HEAD, false, false, LongRecurrenceCases::constant),
                linear("Mamba-2, simple GLA", Decay.HEAD, false, false, LongRecurrenceCases::changing),
                linear("GLA, HGRN2", Decay.KEY, false, false, LongRecurrenceCases::changing),
                linear("RWKV-5", Decay.KEY, false, true, LongRecurrenceCases::constant),
                linear("RWKV-6", Decay.KEY, false, true, LongRecurrenceCases::changing),
                linear("DeltaNet", Decay.NONE, true, false, LongRecurrenceCases::changing),
                linear("Gated DeltaNet", Decay.HEAD, true, false, LongRecurrenceCases::changing),
                linear("RWKV-7, Kimi Delta Attention", Decay.KEY, true, false, LongRecurrenceCases::changing),
                diagonal("Mamba", 1),
                diagonal("RG-LRU", 2),
                rwkv4());
    }

    private static LongRecurrenceCase linear(
            String name, Decay decay, boolean lowRank, boolean readBefore, LogDecays decays) {
        LinearRecurrence op = LinearRecurrence.of(decay, lowRank, readBefore, 1);
        List<Tensor> in = INPUTS.make(op, TOKENS, 1, shape -> perHead(shape, decays));
        return new LongRecurrenceCase(name, op, in, 1);
    }

    /** @param power makes the share of the input 1 − a, as Mamba has it in steps so small, or with 2 √(1 − a²), as RG-LRU has it */
    private static LongRecurrenceCase diagonal(String name, int power) {
        Shape shape = Shape.of(1, TOKENS, HEADS);
        Tensor decay = perHead(shape, LongRecurrenceCases::changing);
        Tensor input = RandomTensors.normal(2, 1, shape);
        for (long i = 0; i < shape.elements(); i++) {
            double log = decay.getDouble(i);
            input.setDouble(i, input.getDouble(i) * Math.pow(-Math.expm1(power * log), 1.0 / power));
            decay.setDouble(i, Math.exp(log));
        }
        Tensor state = RandomTensors.normal(1, 1, Shape.of(1, HEADS));
        return new LongRecurrenceCase(name, new DiagonalRecurrence(), List.of(state, decay, input), 1);
    }

    /** Its weights are e to a sum of a key and decays: a sum that is rounded in its last digit changes them by its size. */
    private static LongRecurrenceCase rwkv4() {
        Shape shape = Shape.of(1, TOKENS, HEADS);
        Shape state = Shape.of(1, HEADS);
        Tensor key = RandomTensors.normal(4, 2, shape);
        List<Tensor> in = List.of(
                RandomTensors.normal(1, 1, state),
                RandomTensors.uniform(2, 0.5, 1, state),
                RandomTensors.normal(3, 1, state),
                key,
                RandomTensors.normal(5, 1, shape),
                perHead(shape, LongRecurrenceCases::constant),
                RandomTensors.normal(6, 1, Shape.of(HEADS)));
        double largest = LongStream.range(0, shape.elements())
                .mapToDouble(i -> Math.abs(key.getDouble(i)))
                .max()
                .orElseThrow();
        return new LongRecurrenceCase("RWKV-4", new Wkv4(), in, 1 + largest);
    }

    /** Says how a head fades at a token. */
    @FunctionalInterface
    private interface LogDecays {
        double of(int head, Random random);
    }

    private static double constant(int head, Random random) {
        return switch (head) {
            case 0 -> HARDLY;
            case 1 -> ALTOGETHER;
            case 2 -> -1e-3;
            default -> -1;
        };
    }

    private static double changing(int head, Random random) {
        return switch (head) {
            case 0 -> HARDLY;
            case 1 -> ALTOGETHER;
            case 2 -> -Math.pow(10, random.nextDouble(-7, 4));
            default -> random.nextInt(50) == 0 ? random.nextDouble(-30, 0) : HARDLY;
        };
    }

    /** Fills {@code [1, seq, heads, …]}. */
    private static Tensor perHead(Shape shape, LogDecays decays) {
        Random random = new Random(7);
        Tensor t = Tensor.zeros(DType.F32, shape);
        long each = shape.elements() / (TOKENS * HEADS);
        for (long i = 0; i < shape.elements(); i++) {
            t.setDouble(i, decays.of((int) (i / each % HEADS), random));
        }
        return t;
    }
}
