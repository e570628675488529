package org.attention4j.tornado;

import org.attention4j.core.backend.Backend;
import org.attention4j.testkit.GenerationLaws;
import org.junit.jupiter.api.BeforeAll;

/** The laws of generation on whatever device there is. */
class TornadoGenerationLawsTest extends GenerationLaws {
    @Override
    protected Backend backend() {
        return TestBackends.device();
    }

    /** Skips all if there is no device. */
    @BeforeAll
    static void findDevice() {
        TestBackends.device();
    }
}
