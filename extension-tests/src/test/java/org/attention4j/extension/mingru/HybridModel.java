package org.attention4j.extension.mingru;

import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.model.DecoderModel;
import org.attention4j.testkit.RandomDecoder;

/** A decoder of minGRU, grouped-query attention, minGRU and sliding-window attention, with random weights. */
final class HybridModel {
    static final int STATE = 6;

    private static final int HIDDEN = 16;

    private HybridModel() {}

    /** @param form the form in which the recurrent layers are compiled */
    static DecoderModel of(Form form) {
        AttentionSpec gqa = AttentionSpec.causal(4, 2, 8);
        return RandomDecoder.of(
                HIDDEN,
                new MinGru(HIDDEN, STATE, form),
                new AttentionMixer(AttentionConfig.of(HIDDEN, gqa)),
                new MinGru(HIDDEN, STATE, form),
                new AttentionMixer(AttentionConfig.of(HIDDEN, gqa.withWindow(5))));
    }
}
