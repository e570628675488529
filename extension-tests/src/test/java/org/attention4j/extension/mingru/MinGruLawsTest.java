package org.attention4j.extension.mingru;

import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.mixer.Form;
import org.attention4j.core.mixer.SequenceMixer;
import org.attention4j.testkit.MixerLaws;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;

/** A mixer from outside keeps the laws on every backend, in both of its forms. */
class MinGruLawsTest {
    private static final Backend REFERENCE = Backends.create("reference", BackendOptions.DEFAULT);
    private static final Backend ONNX = Backends.create("onnx", BackendOptions.DEFAULT);

    @AfterAll
    static void close() {
        REFERENCE.close();
        ONNX.close();
    }

    /** The laws for this mixer. */
    abstract static class Laws extends MixerLaws {
        @Override
        protected SequenceMixer mixer() {
            return new MinGru(hiddenSize(), 7, Form.RECURRENT);
        }

        @Override
        protected int hiddenSize() {
            return 10;
        }
    }

    @Nested
    class OnReference extends Laws {
        @Override
        protected Backend backend() {
            return REFERENCE;
        }

        @Override
        protected double tolerance() {
            return 1e-6;
        }
    }

    @Nested
    class OnOnnx extends Laws {
        @Override
        protected Backend backend() {
            return ONNX;
        }
    }
}
