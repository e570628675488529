package org.attention4j.tornado.moe;

import org.attention4j.core.backend.Backend;
import org.attention4j.tornado.TestBackends;

/** Routers as plain Java. */
class JavaRouterTest extends RouterCases {
    @Override
    Backend backend() {
        return TestBackends.java();
    }
}
