package org.attention4j.testkit;

import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.mamba.Mamba2Config;
import org.attention4j.core.mixer.mamba.Mamba2Mixer;
import org.attention4j.core.mixer.mamba.MambaConfig;
import org.attention4j.core.mixer.mamba.MambaMixer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;

/** Mamba keeps the laws of mixers. */
class ReferenceMambaLawsTest {
    private static final Backend REFERENCE = Backends.create("reference", BackendOptions.DEFAULT);

    @AfterAll
    static void close() {
        REFERENCE.close();
    }

    /** On the reference backend. */
    abstract static class OnReference extends MixerLaws {
        @Override
        protected Backend backend() {
            return REFERENCE;
        }

        @Override
        protected int hiddenSize() {
            return 10;
        }

        @Override
        protected double tolerance() {
            return 1e-6;
        }
    }

    @Nested
    class Mamba extends OnReference {
        @Override
        protected SequenceMixer mixer() {
            return new MambaMixer(MambaConfig.of(10, 12, 4, 4, 3));
        }
    }

    @Nested
    class MambaWithNorms extends OnReference {
        @Override
        protected SequenceMixer mixer() {
            return new MambaMixer(MambaConfig.of(10, 12, 4, 3, 3).withNorms(1e-5, true));
        }
    }

    @Nested
    class Mamba2 extends OnReference {
        @Override
        protected SequenceMixer mixer() {
            return new Mamba2Mixer(new Mamba2Config(10, 4, 3, 5, 2, 4, 1e-5, 2, 0.001, 2));
        }
    }
}
