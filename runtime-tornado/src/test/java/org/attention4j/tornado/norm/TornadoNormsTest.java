package org.attention4j.tornado.norm;

import org.attention4j.core.backend.Backend;
import org.attention4j.tornado.TestBackends;
import org.junit.jupiter.api.BeforeAll;

/** Norms on whatever device there is. */
class TornadoNormsTest extends NormCases {
    @Override
    Backend backend() {
        return TestBackends.device();
    }

    /** Skips all if there is no device. */
    @BeforeAll
    static void findDevice() {
        TestBackends.device();
    }
}
