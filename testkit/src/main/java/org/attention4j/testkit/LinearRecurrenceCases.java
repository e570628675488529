package org.attention4j.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.attention4j.core.mixer.linearattention.Decay;
import org.attention4j.core.mixer.linearattention.LinearRecurrence;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;

/** Cases of {@link LinearRecurrence} for {@link RecurrenceLaws}: all kinds of decay, of usual and of extreme strength. */
public final class LinearRecurrenceCases {
    private static final int BATCH = 2;
    private static final int HEADS = 3;
    private static final int KEY = 6;
    private static final int VALUE = 5;

    private LinearRecurrenceCases() {}

    /** One case for each kind. */
    public static Stream<RecurrenceLaws.Case> all() {
        List<RecurrenceLaws.Case> cases = new ArrayList<>();
        for (Decay decay : Decay.values()) {
            for (boolean lowRank : new boolean[] {false, true}) {
                for (boolean before : new boolean[] {false, true}) {
                    cases.add(of("usual", new LinearRecurrence(decay, lowRank, before, 0.5, 8), -1, -0.01));
                }
            }
            LinearRecurrence op = LinearRecurrence.of(decay, true, false, 1);
            cases.add(of("no decay to speak of", op, -1e-6, 0));
            cases.add(of("all forgotten at once", op, -1e4, -30));
            cases.add(of("anything between", op, -300, 0));
            cases.add(of("anything between", LinearRecurrence.of(decay, false, false, 1), -300, 0));
        }
        for (boolean lowRank : new boolean[] {false, true}) {
            LinearRecurrence bounded =
                    LinearRecurrence.of(Decay.KEY, lowRank, !lowRank, 1).withLeastLogDecay(-0.6);
            cases.add(of("as strong as allowed", bounded, -0.6, -0.59));
            cases.add(of("anything allowed", bounded, -0.6, 0));
        }
        return cases.stream();
    }

    /** A case with log decays of such strength; keys are of length 1 and writes at most twice that, as the delta rule needs it. */
    public static RecurrenceLaws.Case of(String name, LinearRecurrence op, double least, double most) {
        return new RecurrenceLaws.Case(name, op, (seq, seed) -> inputs(op, seq, seed, least, most));
    }

    private static List<Tensor> inputs(LinearRecurrence op, int seq, long seed, double least, double most) {
        Shape keys = Shape.of(BATCH, seq, HEADS, KEY);
        Tensor key = unit(RandomTensors.normal(seed, 1, keys));
        List<Tensor> in = new ArrayList<>();
        in.add(RandomTensors.normal(seed + 1, 1, Shape.of(BATCH, HEADS, KEY, VALUE)));
        in.add(RandomTensors.normal(seed + 2, 1, keys));
        in.add(key);
        in.add(RandomTensors.normal(seed + 3, 1, Shape.of(BATCH, seq, HEADS, VALUE)));
        if (op.decay() != Decay.NONE) {
            Shape decays = op.decay() == Decay.KEY ? keys : Shape.of(BATCH, seq, HEADS);
            in.add(RandomTensors.uniform(seed + 4, least, most, decays));
        }
        if (op.lowRank()) {
            Tensor remove = Tensor.zeros(key.dtype(), keys);
            Tensor strength = RandomTensors.uniform(seed + 5, 0, 1, Shape.of(BATCH, seq, HEADS));
            for (long i = 0; i < keys.elements(); i++) {
                remove.setDouble(i, -strength.getDouble(i / KEY) * key.getDouble(i));
            }
            in.add(remove);
            in.add(key);
        }
        if (op.readBefore()) {
            in.add(RandomTensors.normal(seed + 6, 1, Shape.of(HEADS, KEY)));
        }
        return in;
    }

    private static Tensor unit(Tensor x) {
        for (long row = 0; row < x.shape().elements() / KEY; row++) {
            double sum = 0;
            for (int d = 0; d < KEY; d++) {
                sum += Math.pow(x.getDouble(row * KEY + d), 2);
            }
            for (int d = 0; d < KEY; d++) {
                x.setDouble(row * KEY + d, x.getDouble(row * KEY + d) / Math.sqrt(sum));
            }
        }
        return x;
    }
}
