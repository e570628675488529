package org.attention4j.examples.variant;

import com.google.auto.service.AutoService;
import java.io.IOException;
import org.attention4j.examples.Sample;
import org.attention4j.examples.Samples;

/**
 * Grouped-query attention (Ainslie et al. 2023): two query heads share keys and values, which halves the state of {@link Mha}, and
 * hardly costs an answer.
 */
@AutoService(Sample.class)
public final class Gqa extends VariantSample {
    /** A sample of {@code builtin:gqa}. */
    public Gqa() {
        super("gqa", "grouped-query attention: two heads share keys and values");
    }

    static void main(String[] args) throws IOException {
        Samples.main(new Gqa(), args);
    }
}
