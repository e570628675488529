package org.attention4j.tornado.moe;

import org.attention4j.tornado.TestBackends;

/** Routers on a GPU as plain Java. */
class JavaGpuRouterTest extends RouterCases {
    JavaGpuRouterTest() {
        super(TestBackends.javaAsGpu());
    }
}
