package org.attention4j.tornado.moe;

import org.attention4j.core.backend.Backend;
import org.attention4j.tornado.TestBackends;

/** Routers on a GPU as plain Java. */
class JavaGpuRouterTest extends RouterCases {
    @Override
    Backend backend() {
        return TestBackends.javaAsGpu();
    }
}
