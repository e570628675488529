package org.attention4j.examples.variant;

import com.google.auto.service.AutoService;
import java.io.IOException;
import org.attention4j.examples.Sample;
import org.attention4j.examples.Samples;

/**
 * Mamba (Gu and Dao 2023): each channel has a state of its own, 32 numbers here, and fades by steps that each token chooses for it.
 * A layer is one mixer without an MLP, so there are eight. Trained for as many tokens as others, it answers 82.2 % of 2,000 questions
 * ({@link Mamba2}, with twice the state: 90.2 %), and was still learning.
 */
@AutoService(Sample.class)
public final class Mamba extends VariantSample {
    /** A sample of {@code builtin:mamba}. */
    public Mamba() {
        super("mamba", "Mamba: each channel has a state of its own, and steps that each token chooses");
    }

    static void main(String[] args) throws IOException {
        Samples.main(new Mamba(), args);
    }
}
