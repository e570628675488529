package org.attention4j.onnx.linearattention;

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
import org.attention4j.testkit.MixerLaws;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;

/** The mixers of hybrids keep the laws on ONNX Runtime. */
class OnnxLinearMixersLawsTest {
    private static final Backend ONNX = Backends.create("onnx", BackendOptions.DEFAULT);
    private static final int HIDDEN = 12;

    @AfterAll
    static void close() {
        ONNX.close();
    }

    /** On this backend. */
    abstract static class Laws extends MixerLaws {
        @Override
        protected Backend backend() {
            return ONNX;
        }

        @Override
        protected int hiddenSize() {
            return HIDDEN;
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
