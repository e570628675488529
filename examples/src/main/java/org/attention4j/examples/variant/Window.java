package org.attention4j.examples.variant;

import com.google.auto.service.AutoService;
import java.io.IOException;
import org.attention4j.examples.Sample;
import org.attention4j.examples.Samples;

/**
 * Sliding-window attention (Mistral): a layer sees the last 48 tokens and keeps no others, so that neither its state nor a token's
 * time grows any more. What the window lets go is lost: compare the answers within 48 tokens with those behind.
 */
@AutoService(Sample.class)
public final class Window extends VariantSample {
    /** A sample of {@code builtin:window}. */
    public Window() {
        super("window", "sliding-window attention: a layer sees the last 48 tokens");
    }

    static void main(String[] args) throws IOException {
        Samples.main(new Window(), args);
    }
}
