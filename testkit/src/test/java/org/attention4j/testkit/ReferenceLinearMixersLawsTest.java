package org.attention4j.testkit;

import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.conv.ShortConvMixer;
import org.attention4j.core.mixer.linearattention.GatedDeltaNetMixer;
import org.attention4j.core.mixer.linearattention.LightningMixer;
import org.attention4j.core.mixer.linearattention.LinformerMixer;
import org.attention4j.core.mixer.rglru.RgLruMixer;
import org.attention4j.core.mlp.Activation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;

/** The mixers of hybrids keep the laws. */
class ReferenceLinearMixersLawsTest {
    private static final Backend REFERENCE = Backends.create("reference", BackendOptions.DEFAULT);
    private static final int HIDDEN = 12;

    @AfterAll
    static void close() {
        REFERENCE.close();
    }

    /** On this backend. */
    abstract static class Laws extends MixerLaws {
        @Override
        protected Backend backend() {
            return REFERENCE;
        }

        @Override
        protected int hiddenSize() {
            return HIDDEN;
        }

        @Override
        protected double tolerance() {
            return 1e-6;
        }
    }

    @Nested
    class Lightning extends Laws {
        @Override
        protected SequenceMixer mixer() {
            return new LightningMixer(HIDDEN, 3, 5, 1e-5, 1, 4);
        }
    }

    @Nested
    class GatedDeltaNet extends Laws {
        @Override
        protected SequenceMixer mixer() {
            return new GatedDeltaNetMixer(new GatedDeltaNetMixer.Sizes(HIDDEN, 2, 4, 5, 3, 4, 1e-6));
        }
    }

    @Nested
    class RgLru extends Laws {
        @Override
        protected SequenceMixer mixer() {
            return new RgLruMixer(HIDDEN, 10, 2, 4, Activation.GELU_TANH);
        }
    }

    @Nested
    class ShortConv extends Laws {
        @Override
        protected SequenceMixer mixer() {
            return new ShortConvMixer(HIDDEN, 3);
        }
    }

    @Nested
    class Linformer extends Laws {
        @Override
        protected SequenceMixer mixer() {
            return new LinformerMixer(HIDDEN, 3, 1, 4, 20, 5);
        }

        @Override
        protected boolean isCausal() {
            return false;
        }
    }
}
