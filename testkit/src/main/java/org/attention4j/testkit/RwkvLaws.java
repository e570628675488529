package org.attention4j.testkit;

import org.attention4j.core.backend.Backend;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.rwkv.ChannelMix;
import org.attention4j.core.mixer.rwkv.TimeMix4;
import org.attention4j.core.mixer.rwkv.TimeMix5;
import org.attention4j.core.mixer.rwkv.TimeMix6;
import org.attention4j.core.mixer.rwkv.TimeMix7;
import org.attention4j.core.mixer.rwkv.TimeMixConfig;
import org.junit.jupiter.api.Nested;

/** RWKV's mixers keep the laws of mixers: inherit it and give a backend. */
public abstract class RwkvLaws {
    private static final int HIDDEN = 12;
    private static final TimeMixConfig CONFIG = new TimeMixConfig(HIDDEN, 3, 64e-5);

    /** The backend that runs them. It is not closed by the laws. */
    protected abstract Backend backend();

    /** The greatest difference allowed, times (1 + |expected|). */
    protected abstract double tolerance();

    /** For one mixer. */
    abstract class Laws extends MixerLaws {
        @Override
        protected Backend backend() {
            return RwkvLaws.this.backend();
        }

        @Override
        protected int hiddenSize() {
            return HIDDEN;
        }

        @Override
        protected double tolerance() {
            return RwkvLaws.this.tolerance();
        }
    }

    @Nested
    class Rwkv4 extends Laws {
        @Override
        protected SequenceMixer mixer() {
            return new TimeMix4(HIDDEN, 10);
        }
    }

    @Nested
    class Rwkv5 extends Laws {
        @Override
        protected SequenceMixer mixer() {
            return new TimeMix5(CONFIG);
        }
    }

    @Nested
    class Rwkv6 extends Laws {
        @Override
        protected SequenceMixer mixer() {
            return new TimeMix6(CONFIG, 3, 5);
        }
    }

    @Nested
    class Rwkv7 extends Laws {
        @Override
        protected SequenceMixer mixer() {
            return new TimeMix7(CONFIG, new TimeMix7.Ranks(4, 5, 3, 6), false);
        }
    }

    @Nested
    class Channels extends Laws {
        @Override
        protected SequenceMixer mixer() {
            return new ChannelMix(HIDDEN, 20, true);
        }
    }
}
