package org.attention4j.tornado.linear;

import org.attention4j.core.backend.Backend;
import org.attention4j.tornado.TestBackends;
import org.junit.jupiter.api.BeforeAll;

/** Linear layers on whatever device there is. */
class TornadoGpuLinearProductsTest extends LinearProductsCases {
    @Override
    Backend backend() {
        return TestBackends.deviceAsGpu();
    }

    /** Skips all if there is no device. */
    @BeforeAll
    static void findDevice() {
        TestBackends.deviceAsGpu();
    }
}
