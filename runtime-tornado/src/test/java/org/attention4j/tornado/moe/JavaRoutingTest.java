package org.attention4j.tornado.moe;

import org.attention4j.core.backend.Backend;
import org.attention4j.tornado.TestBackends;

/** Routing as plain Java. */
class JavaRoutingTest extends RoutingCases {
    @Override
    Backend backend() {
        return TestBackends.java();
    }
}
