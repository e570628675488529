package org.attention4j.examples.variant;

import com.google.auto.service.AutoService;
import java.io.IOException;
import org.attention4j.examples.Sample;
import org.attention4j.examples.Samples;

/**
 * Multi-head attention (Vaswani et al. 2017): each head has keys and values of its own, and all tokens are kept. It remembers most,
 * in the most bytes, and each token takes longer than the one before; the others begin here.
 */
@AutoService(Sample.class)
public final class Mha extends VariantSample {
    /** A sample of {@code builtin:mha}. */
    public Mha() {
        super("mha", "multi-head attention: each head has keys and values of its own");
    }

    static void main(String[] args) throws IOException {
        Samples.main(new Mha(), args);
    }
}
