package org.attention4j.onnx.mamba;

import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.core.mixer.mamba.Mamba2Config;
import org.attention4j.core.mixer.mamba.Mamba2Mixer;
import org.attention4j.core.mixer.mamba.MambaConfig;
import org.attention4j.core.mixer.mamba.MambaMixer;
import org.attention4j.testkit.MixerLaws;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;

/** Mamba keeps the laws of mixers on ONNX Runtime. */
class OnnxMambaLawsTest {
    private static final Backend ONNX = Backends.create("onnx", BackendOptions.DEFAULT);

    @AfterAll
    static void close() {
        ONNX.close();
    }

    /** On ONNX Runtime. */
    abstract static class OnOnnx extends MixerLaws {
        @Override
        protected Backend backend() {
            return ONNX;
        }

        @Override
        protected int hiddenSize() {
            return 10;
        }
    }

    @Nested
    class Mamba extends OnOnnx {
        @Override
        protected SequenceMixer mixer() {
            return new MambaMixer(MambaConfig.of(10, 12, 4, 4, 3));
        }
    }

    @Nested
    class MambaWithNorms extends OnOnnx {
        @Override
        protected SequenceMixer mixer() {
            return new MambaMixer(MambaConfig.of(10, 12, 4, 3, 3).withNorms(1e-5, true));
        }
    }

    @Nested
    class Mamba2 extends OnOnnx {
        @Override
        protected SequenceMixer mixer() {
            return new Mamba2Mixer(new Mamba2Config(10, 4, 3, 5, 2, 4, 1e-5, 2, 0.001, 2));
        }
    }
}
