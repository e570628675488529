package org.attention4j.examples.variant;

import com.google.auto.service.AutoService;
import java.io.IOException;
import org.attention4j.examples.Sample;
import org.attention4j.examples.Samples;

/**
 * Gated linear attention (Yang et al. 2023): a head's state is a sum of keys times values, of which each row fades by a gate of its
 * own. It has one size however long the text is, and still knows facts from its beginning.
 */
@AutoService(Sample.class)
public final class Gla extends VariantSample {
    /** A sample of {@code builtin:gla}. */
    public Gla() {
        super("gla", "gated linear attention: a state of one size, whose rows fade");
    }

    static void main(String[] args) throws IOException {
        Samples.main(new Gla(), args);
    }
}
