package org.attention4j.examples.variant;

import com.google.auto.service.AutoService;
import java.io.IOException;
import org.attention4j.examples.Sample;
import org.attention4j.examples.Samples;

/**
 * RWKV-7 (Peng et al. 2025): a delta rule whose rates, decays and removed keys each channel learns for itself, and tokens that are
 * mixed with the one before. Its state has one size however long the text is.
 */
@AutoService(Sample.class)
public final class Rwkv7 extends VariantSample {
    /** A sample of {@code builtin:rwkv7}. */
    public Rwkv7() {
        super("rwkv7", "RWKV-7: a delta rule by channel, and tokens mixed with the one before");
    }

    static void main(String[] args) throws IOException {
        Samples.main(new Rwkv7(), args);
    }
}
