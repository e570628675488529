package org.attention4j.tornado.moe;

import org.attention4j.core.backend.Backend;
import org.attention4j.tornado.TestBackends;
import org.junit.jupiter.api.BeforeAll;

/** Routers on whatever device there is, as on a GPU. */
class TornadoGpuRouterTest extends RouterCases {
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
