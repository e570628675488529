package org.attention4j.testkit;

import org.attention4j.core.backend.Backend;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.mamba.Mamba2Config;
import org.attention4j.core.mixer.mamba.Mamba2Mixer;
import org.attention4j.core.mixer.mamba.MambaConfig;
import org.attention4j.core.mixer.mamba.MambaMixer;
import org.junit.jupiter.api.Nested;

/** Mamba's mixers keep the laws of mixers: inherit it and give a backend. */
public abstract class MambaLaws {

    /** The backend that runs them. It is not closed by the laws. */
    protected abstract Backend backend();

    /** The greatest difference allowed, times (1 + |expected|). */
    protected abstract double tolerance();

    /** For one mixer. */
    abstract class Laws extends MixerLaws {
        @Override
        protected Backend backend() {
            return MambaLaws.this.backend();
        }

        @Override
        protected int hiddenSize() {
            return 10;
        }

        @Override
        protected double tolerance() {
            return MambaLaws.this.tolerance();
        }
    }

    @Nested
    class Mamba extends Laws {
        @Override
        protected SequenceMixer mixer() {
            return new MambaMixer(MambaConfig.of(10, 12, 4, 4, 3));
        }
    }

    @Nested
    class MambaWithNorms extends Laws {
        @Override
        protected SequenceMixer mixer() {
            return new MambaMixer(MambaConfig.of(10, 12, 4, 3, 3).withNorms(1e-5, true));
        }
    }

    @Nested
    class Mamba2 extends Laws {
        @Override
        protected SequenceMixer mixer() {
            return new Mamba2Mixer(new Mamba2Config(10, 4, 3, 5, 2, 4, 1e-5, 2, 0.001, 2));
        }
    }
}
