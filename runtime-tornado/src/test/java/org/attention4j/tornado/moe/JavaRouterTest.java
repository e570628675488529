package org.attention4j.tornado.moe;

import org.attention4j.tornado.TestBackends;

/** Routers as plain Java. */
class JavaRouterTest extends RouterCases {
    JavaRouterTest() {
        super(TestBackends.java());
    }
}
