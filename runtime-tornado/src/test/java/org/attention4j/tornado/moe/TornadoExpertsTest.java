package org.attention4j.tornado.moe;

import org.attention4j.core.backend.Backend;
import org.attention4j.tornado.TestBackends;
import org.junit.jupiter.api.BeforeAll;

/** Experts on whatever device there is. */
class TornadoExpertsTest extends ExpertCases {
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
