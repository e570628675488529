package org.attention4j.testkit;

import org.attention4j.core.backend.Backend;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.conv.ShortConvMixer;
import org.attention4j.core.mixer.linearattention.GatedDeltaNetMixer;
import org.attention4j.core.mixer.linearattention.LightningMixer;
import org.attention4j.core.mixer.linearattention.LinformerMixer;
import org.attention4j.core.mixer.rglru.RgLruMixer;
import org.attention4j.core.mlp.Activation;
import org.junit.jupiter.api.Nested;

/** The mixers of hybrids keep the laws of mixers: inherit it and give a backend. */
public abstract class LinearMixersLaws {
    private static final int HIDDEN = 12;

    /** The backend that runs them. It is not closed by the laws. */
    protected abstract Backend backend();

    /** The greatest difference allowed, times (1 + |expected|). */
    protected abstract double tolerance();

    /** For one mixer. */
    abstract class Laws extends MixerLaws {
        @Override
        protected Backend backend() {
            return LinearMixersLaws.this.backend();
        }

        @Override
        protected int hiddenSize() {
            return HIDDEN;
        }

        @Override
        protected double tolerance() {
            return LinearMixersLaws.this.tolerance();
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
