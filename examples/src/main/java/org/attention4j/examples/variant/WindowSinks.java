package org.attention4j.examples.variant;

import com.google.auto.service.AutoService;
import java.io.IOException;
import org.attention4j.examples.Sample;
import org.attention4j.examples.Samples;

/**
 * Attention sinks (Xiao et al. 2023, StreamingLLM): the last 48 tokens and the first 4, which keep the softmax at rest when a text
 * runs on. They bring no fact back: compare with {@link Window}.
 */
@AutoService(Sample.class)
public final class WindowSinks extends VariantSample {
    /** A sample of {@code builtin:window_sinks}. */
    public WindowSinks() {
        super("window_sinks", "attention to the last 48 tokens and the first 4, as in StreamingLLM");
    }

    static void main(String[] args) throws IOException {
        Samples.main(new WindowSinks(), args);
    }
}
