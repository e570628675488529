package org.attention4j.examples.variant;

import com.google.auto.service.AutoService;
import java.io.IOException;
import org.attention4j.examples.Sample;
import org.attention4j.examples.Samples;

/**
 * Mamba-2 (Dao and Gu 2024): linear attention whose heads fade by steps that each token chooses. All heads share keys and queries,
 * and a layer is one mixer without an MLP, so there are eight. It answers 90 % of 2,000 questions ({@link Mha}: 93 %), and 77 % of
 * those from 96 to 127 tokens back (90 %).
 */
@AutoService(Sample.class)
public final class Mamba2 extends VariantSample {
    /** A sample of {@code builtin:mamba2}. */
    public Mamba2() {
        super("mamba2", "Mamba-2: heads of channels that fade alike, with 64 numbers of state for each channel");
    }

    static void main(String[] args) throws IOException {
        Samples.main(new Mamba2(), args);
    }
}
