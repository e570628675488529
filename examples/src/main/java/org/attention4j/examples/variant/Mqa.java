package org.attention4j.examples.variant;

import com.google.auto.service.AutoService;
import java.io.IOException;
import org.attention4j.examples.Sample;
import org.attention4j.examples.Samples;

/**
 * Multi-query attention (Shazeer 2019): all heads share keys and values, a quarter of the state of {@link Mha} with four heads.
 */
@AutoService(Sample.class)
public final class Mqa extends VariantSample {
    /** A sample of {@code builtin:mqa}. */
    public Mqa() {
        super("mqa", "multi-query attention: all heads share keys and values");
    }

    static void main(String[] args) throws IOException {
        Samples.main(new Mqa(), args);
    }
}
