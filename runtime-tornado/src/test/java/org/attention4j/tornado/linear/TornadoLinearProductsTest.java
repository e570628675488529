package org.attention4j.tornado.linear;

import org.attention4j.core.backend.Backend;
import org.attention4j.tornado.TestBackends;

/** Linear layers on whatever device there is. */
class TornadoLinearProductsTest extends LinearProductsCases {
    @Override
    Backend backend() {
        return TestBackends.device();
    }
}
