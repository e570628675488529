package org.attention4j.onnx.rwkv;

import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.rwkv.ChannelMix;
import org.attention4j.core.mixer.rwkv.TimeMix4;
import org.attention4j.core.mixer.rwkv.TimeMix5;
import org.attention4j.core.mixer.rwkv.TimeMix6;
import org.attention4j.core.mixer.rwkv.TimeMix7;
import org.attention4j.core.mixer.rwkv.TimeMixConfig;
import org.attention4j.testkit.MixerLaws;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;

/** RWKV keeps the laws of mixers on ONNX Runtime. */
class OnnxRwkvLawsTest {
    private static final Backend ONNX = Backends.create("onnx", BackendOptions.DEFAULT);
    private static final int HIDDEN = 12;
    private static final TimeMixConfig CONFIG = new TimeMixConfig(HIDDEN, 3, 64e-5);

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
