package org.attention4j.examples.variant;

import com.google.auto.service.AutoService;
import java.io.IOException;
import org.attention4j.examples.Sample;
import org.attention4j.examples.Samples;

/**
 * Gated DeltaNet (Yang, Kautz and Hatamizadeh 2024), the recurrence of Qwen3-Next: what a key is written with takes the place of what
 * the state knew of it, and heads fade. With a state of one size it answers no worse than {@link Mha}.
 */
@AutoService(Sample.class)
public final class GatedDeltaNet extends VariantSample {
    /** A sample of {@code builtin:gated_deltanet}. */
    public GatedDeltaNet() {
        super("gated_deltanet", "the gated delta rule: a state of one size, in which new values replace old ones");
    }

    static void main(String[] args) throws IOException {
        Samples.main(new GatedDeltaNet(), args);
    }
}
