package org.attention4j.testkit;

import java.util.List;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.attention.AttentionConfig;
import org.attention4j.core.mixer.attention.AttentionMixer;
import org.attention4j.core.mixer.attention.AttentionSpec;
import org.attention4j.core.mixer.attention.QkNorm;
import org.attention4j.core.rope.RopeConfig;
import org.attention4j.core.rope.RopeScaling;
import org.attention4j.core.rope.RopeStyle;
import org.junit.jupiter.api.Nested;

/** Every kind of attention keeps the laws of mixers: inherit this and give a backend. */
public abstract class AttentionLaws {
    private static final int HIDDEN = 24;
    private static final RopeConfig ROPE = new RopeConfig(10_000, 8, RopeStyle.HALF, new RopeScaling.Default());

    /** The backend that runs it. It is not closed by the laws. */
    protected abstract Backend backend();

    /** See {@link MixerLaws#tolerance}. */
    protected double tolerance() {
        return 2e-5;
    }

    /** The laws for one configuration. */
    abstract class Laws extends MixerLaws {
        @Override
        protected Backend backend() {
            return AttentionLaws.this.backend();
        }

        @Override
        protected int hiddenSize() {
            return HIDDEN;
        }

        @Override
        protected double tolerance() {
            return AttentionLaws.this.tolerance();
        }

        @Override
        protected SequenceMixer mixer() {
            return new AttentionMixer(config());
        }

        abstract AttentionConfig config();
    }

    @Nested
    class Mha extends Laws {
        @Override
        AttentionConfig config() {
            return AttentionConfig.of(HIDDEN, AttentionSpec.causal(3, 3, 8)).withRope(ROPE);
        }
    }

    @Nested
    class GqaWithEverything extends Laws {
        @Override
        AttentionConfig config() {
            AttentionSpec spec =
                    AttentionSpec.causal(4, 2, 8).withSoftcap(3).withScale(0.4).withValueDim(5);
            return AttentionConfig.of(HIDDEN, spec)
                    .withRope(ROPE)
                    .withQkNorm(new QkNorm(QkNorm.Kind.HEAD_RMS, 1e-6))
                    .withBias(true, true)
                    .withSinkLogits();
        }
    }

    @Nested
    class GqaWithNormsOfProjections extends Laws {
        @Override
        AttentionConfig config() {
            return AttentionConfig.of(HIDDEN, AttentionSpec.causal(4, 2, 8))
                    .withRope(ROPE)
                    .withQkNorm(new QkNorm(QkNorm.Kind.PROJECTION_RMS, 1e-6, 1));
        }
    }

    @Nested
    class GqaWithLayerNormsOfHeads extends Laws {
        @Override
        AttentionConfig config() {
            return AttentionConfig.of(HIDDEN, AttentionSpec.causal(4, 2, 8))
                    .withRope(ROPE)
                    .withQkNorm(new QkNorm(QkNorm.Kind.HEAD_LAYER, 1e-6, 1));
        }
    }

    /** Angles that go by the length must not change as a sequence grows: its keys are in the cache already. */
    @Nested
    class GqaWithAnglesByLength extends Laws {
        @Override
        AttentionConfig config() {
            RopeScaling scaling = new RopeScaling.LongRope(List.of(1.0, 1.5, 2.0), List.of(3.0, 4.0, 5.0), 5, 1.2);
            return AttentionConfig.of(HIDDEN, AttentionSpec.causal(4, 2, 8))
                    .withRope(new RopeConfig(100, 6, RopeStyle.INTERLEAVED, scaling));
        }
    }

    @Nested
    class GqaWithSinkLogits extends Laws {
        @Override
        AttentionConfig config() {
            return AttentionConfig.of(
                            HIDDEN, AttentionSpec.causal(4, 2, 8).withSoftcap(3).withScale(0.4))
                    .withRope(ROPE)
                    .withSinkLogits();
        }
    }

    @Nested
    class MqaWithAlibi extends Laws {
        @Override
        AttentionConfig config() {
            return AttentionConfig.of(HIDDEN, AttentionSpec.causal(3, 1, 8))
                    .withQkNorm(new QkNorm(QkNorm.Kind.PROJECTION_LAYER, 1e-6))
                    .withAlibi()
                    .withClipQkv(0.5);
        }
    }

    @Nested
    class SlidingWindow extends Laws {
        @Override
        AttentionConfig config() {
            return AttentionConfig.of(HIDDEN, AttentionSpec.causal(4, 2, 8).withWindow(4))
                    .withRope(ROPE);
        }
    }

    @Nested
    class WindowOfTwo extends Laws {
        @Override
        AttentionConfig config() {
            return AttentionConfig.of(HIDDEN, AttentionSpec.causal(2, 2, 8).withWindow(2));
        }
    }

    @Nested
    class SinksAndWindow extends Laws {
        @Override
        AttentionConfig config() {
            return AttentionConfig.of(HIDDEN, AttentionSpec.causal(4, 2, 8).withSinks(2, 4))
                    .withRope(ROPE);
        }
    }

    @Nested
    class Chunks extends Laws {
        @Override
        AttentionConfig config() {
            return AttentionConfig.of(HIDDEN, AttentionSpec.causal(4, 2, 8).withChunk(4));
        }
    }

    @Nested
    class Bidirectional extends Laws {
        @Override
        AttentionConfig config() {
            return AttentionConfig.of(HIDDEN, AttentionSpec.bidirectional(4, 2, 8))
                    .withRope(ROPE);
        }

        @Override
        protected boolean isCausal() {
            return false;
        }
    }

    @Nested
    class BidirectionalWindow extends Laws {
        @Override
        AttentionConfig config() {
            return AttentionConfig.of(
                    HIDDEN, AttentionSpec.bidirectional(4, 2, 8).withWindow(3));
        }

        @Override
        protected boolean isCausal() {
            return false;
        }
    }
}
