package org.attention4j.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.attention4j.core.mixer.linearattention.Decay;
import org.attention4j.core.mixer.linearattention.LinearRecurrence;

/** Cases of {@link LinearRecurrence} for {@link RecurrenceLaws}: all kinds of decay, of usual and of extreme strength. */
public final class LinearRecurrenceCases {
    private static final LinearRecurrenceInputs INPUTS = new LinearRecurrenceInputs(2, 3, 6, 5);

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

    /** A case with log decays of such strength. */
    public static RecurrenceLaws.Case of(String name, LinearRecurrence op, double least, double most) {
        return new RecurrenceLaws.Case(
                name,
                op,
                (seq, seed) -> INPUTS.make(op, seq, seed, s -> RandomTensors.uniform(seed + 4, least, most, s)));
    }
}
