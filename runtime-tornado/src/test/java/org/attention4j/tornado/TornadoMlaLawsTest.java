package org.attention4j.tornado;

import org.attention4j.core.backend.Backend;
import org.attention4j.testkit.MlaLaws;
import org.junit.jupiter.api.BeforeAll;

/** The laws of Mla on whatever device there is. */
class TornadoMlaLawsTest extends MlaLaws {
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
