package org.attention4j.tornado.recurrence;

import java.util.List;
import java.util.stream.Stream;
import org.attention4j.core.mixer.linearattention.Decay;
import org.attention4j.core.mixer.linearattention.LinearRecurrence;
import org.attention4j.core.mixer.recurrence.DiagonalRecurrence;
import org.attention4j.core.mixer.rwkv.Wkv4;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.testkit.LinearRecurrenceCases;
import org.attention4j.testkit.RandomTensors;
import org.attention4j.testkit.RecurrenceLaws;

/** Every kind of recurrence that has a kernel: inherit it and give a backend. */
abstract class RecurrenceCases extends RecurrenceLaws {
    private static final int BATCH = 2;
    /** More than the work-items of a group, and no multiple of them. */
    private static final int CHANNELS = 71;

    @Override
    protected Stream<Case> cases() {
        Stream<Case> linear = Stream.of(Decay.values())
                .flatMap(decay -> Stream.of(
                        LinearRecurrenceCases.of("usual", new LinearRecurrence(decay, false, false, 0.5, 8), -1, -0.01),
                        LinearRecurrenceCases.of("delta rule", new LinearRecurrence(decay, true, false, 1, 8), -300, 0),
                        LinearRecurrenceCases.of("bonus", new LinearRecurrence(decay, false, true, 1, 8), -1, 0)));
        Case both = LinearRecurrenceCases.of("both", new LinearRecurrence(Decay.KEY, true, true, 2, 8), -1, 0);
        return Stream.concat(
                linear,
                Stream.of(
                        both,
                        new Case("three dims", new DiagonalRecurrence(), RecurrenceCases::diagonal),
                        new Case("from a state", new Wkv4(), RecurrenceCases::wkv4)));
    }

    private static List<Tensor> diagonal(int seq, long seed) {
        Shape shape = Shape.of(BATCH, seq, CHANNELS, 3);
        return List.of(
                RandomTensors.normal(seed, 1, Shape.of(BATCH, CHANNELS, 3)),
                RandomTensors.uniform(seed + 1, 0, 1, shape),
                RandomTensors.normal(seed + 2, 1, shape));
    }

    private static List<Tensor> wkv4(int seq, long seed) {
        Shape shape = Shape.of(BATCH, seq, CHANNELS);
        Shape state = Shape.of(BATCH, CHANNELS);
        return List.of(
                RandomTensors.normal(seed, 1, state),
                RandomTensors.uniform(seed + 1, 0.5, 1, state),
                RandomTensors.normal(seed + 2, 1, state),
                RandomTensors.normal(seed + 3, 1, shape),
                RandomTensors.normal(seed + 4, 1, shape),
                RandomTensors.uniform(seed + 5, -2, -0.1, shape),
                RandomTensors.normal(seed + 6, 1, Shape.of(CHANNELS)));
    }
}
