package org.attention4j.examples.variant;

import com.google.auto.service.AutoService;
import java.io.IOException;
import org.attention4j.examples.Sample;
import org.attention4j.examples.Samples;

/**
 * A hybrid: three layers of Mamba-2 (Dao and Gu 2024), whose state has one size for any number of tokens, and one layer of
 * attention, which looks facts up. It answers as {@link Mha} does, and its state grows a quarter as fast.
 */
@AutoService(Sample.class)
public final class Hybrid extends VariantSample {
    /** A sample of {@code builtin:hybrid}. */
    public Hybrid() {
        super("hybrid", "Mamba-2 in three layers, attention in one");
    }

    static void main(String[] args) throws IOException {
        Samples.main(new Hybrid(), args);
    }
}
