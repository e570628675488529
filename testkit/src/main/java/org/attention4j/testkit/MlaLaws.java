package org.attention4j.testkit;

import org.attention4j.core.backend.Backend;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.mla.MlaConfig;
import org.attention4j.core.mixer.mla.MlaMixer;
import org.attention4j.core.rope.RopeConfig;
import org.attention4j.core.rope.RopeScaling;
import org.attention4j.core.rope.RopeStyle;
import org.junit.jupiter.api.Nested;

/** Every kind of multi-head latent attention keeps the laws of mixers: inherit this and give a backend. */
public abstract class MlaLaws {
    private static final int HIDDEN = 24;
    private static final RopeConfig ROPE = new RopeConfig(10_000, 6, RopeStyle.INTERLEAVED, new RopeScaling.Default());
    private static final RopeConfig YARN =
            new RopeConfig(10_000, 8, RopeStyle.HALF, new RopeScaling.Yarn(4, 8, 32, 1, true, 1.1));

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
            return MlaLaws.this.backend();
        }

        @Override
        protected int hiddenSize() {
            return HIDDEN;
        }

        @Override
        protected double tolerance() {
            return MlaLaws.this.tolerance();
        }

        @Override
        protected SequenceMixer mixer() {
            return new MlaMixer(config());
        }

        abstract MlaConfig config();
    }

    @Nested
    class Lite extends Laws {
        @Override
        MlaConfig config() {
            return MlaConfig.of(HIDDEN, 4, 10, 8, 16, ROPE, 1e-6);
        }
    }

    @Nested
    class LowRankQueriesYarnAndBiases extends Laws {
        @Override
        MlaConfig config() {
            return MlaConfig.of(HIDDEN, 3, 8, 12, 10, YARN, 1e-6)
                    .withQLoraRank(9)
                    .withScale(0.4)
                    .withBias(true);
        }
    }

    @Nested
    class SeparateUpProjections extends Laws {
        @Override
        MlaConfig config() {
            return MlaConfig.of(HIDDEN, 2, 5, 7, 12, ROPE, 1e-6).withSeparateUp(true);
        }
    }
}
