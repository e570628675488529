package org.attention4j.tornado.moe;

import org.attention4j.tornado.TestBackends;

/** Routers on the device. */
class TornadoRouterTest extends RouterCases {
    TornadoRouterTest() {
        super(TestBackends.device());
    }
}
