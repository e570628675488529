package org.attention4j.testkit;

import org.attention4j.core.backend.Backend;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.conv.ShortConvMixer;
import org.attention4j.core.mixer.linearattention.FavorFeatures;
import org.attention4j.core.mixer.linearattention.Forgetting;
import org.attention4j.core.mixer.linearattention.GatedDeltaNetMixer;
import org.attention4j.core.mixer.linearattention.KernelAttentionMixer;
import org.attention4j.core.mixer.linearattention.LightningMixer;
import org.attention4j.core.mixer.linearattention.LinearAttentionConfig;
import org.attention4j.core.mixer.linearattention.LinearAttentionMixer;
import org.attention4j.core.mixer.linearattention.LinformerMixer;
import org.attention4j.core.mixer.linearattention.OutputNorm;
import org.attention4j.core.mixer.rglru.RgLruMixer;
import org.attention4j.core.mlp.Activation;
import org.junit.jupiter.api.Nested;

/** The mixers of linear attention and of hybrids keep the laws of mixers: inherit it and give a backend. */
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
    class Elu1 extends Laws {
        @Override
        protected SequenceMixer mixer() {
            return KernelAttentionMixer.elu1(HIDDEN, 3, 4, 5);
        }
    }

    @Nested
    class Performer extends Laws {
        @Override
        protected SequenceMixer mixer() {
            return KernelAttentionMixer.performer(HIDDEN, 2, 4, 7, FavorFeatures.Kernel.SOFTMAX);
        }
    }

    @Nested
    class BidirectionalPerformer extends Laws {
        @Override
        protected SequenceMixer mixer() {
            return KernelAttentionMixer.performer(HIDDEN, 2, 4, 7, FavorFeatures.Kernel.RELU)
                    .bidirectional();
        }

        @Override
        protected boolean isCausal() {
            return false;
        }
    }

    @Nested
    class Retention extends Laws {
        @Override
        protected SequenceMixer mixer() {
            return new LinearAttentionMixer(LinearAttentionConfig.retention(HIDDEN, 3, 4, 5));
        }
    }

    @Nested
    class Gla extends Laws {
        @Override
        protected SequenceMixer mixer() {
            return new LinearAttentionMixer(LinearAttentionConfig.gla(HIDDEN, 3, 4, 5, 2));
        }
    }

    @Nested
    class Hgrn2 extends Laws {
        @Override
        protected SequenceMixer mixer() {
            return new LinearAttentionMixer(LinearAttentionConfig.hgrn2(HIDDEN, 3, 5, 2, 4));
        }
    }

    @Nested
    class DeltaNet extends Laws {
        @Override
        protected SequenceMixer mixer() {
            return new LinearAttentionMixer(LinearAttentionConfig.deltaNet(HIDDEN, 3, 4, 5, 4));
        }
    }

    /** The delta rule of a state whose key entries fade, with a gate and another norm: as Kimi Delta Attention has it. */
    @Nested
    class GatedDelta extends Laws {
        @Override
        protected SequenceMixer mixer() {
            return new LinearAttentionMixer(LinearAttentionConfig.deltaNet(HIDDEN, 3, 4, 5, 3)
                    .withForgetting(new Forgetting.LowRank(2, 1))
                    .withNorm(OutputNorm.HEAD_LAYER, 1e-5)
                    .withOutputGate());
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
