package org.attention4j.tornado.linear;

import org.attention4j.core.backend.Backend;
import org.attention4j.tornado.TestBackends;

/** Linear layers as plain Java. */
class JavaGpuLinearProductsTest extends LinearProductsCases {
    @Override
    Backend backend() {
        return TestBackends.javaAsGpu();
    }
}
