package org.attention4j.tornado.attention;

import org.attention4j.core.backend.Backend;
import org.attention4j.tornado.TestBackends;
import org.junit.jupiter.api.BeforeAll;

/** Attention to caches on whatever device there is. */
class TornadoCachedAttentionTest extends CachedAttentionCases {
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
