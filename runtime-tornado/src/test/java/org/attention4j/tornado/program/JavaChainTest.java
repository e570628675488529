package org.attention4j.tornado.program;

import org.attention4j.core.backend.Backend;
import org.attention4j.tornado.TestBackends;

/** Chains as plain Java. */
class JavaChainTest extends ChainCases {
    @Override
    Backend backend() {
        return TestBackends.java();
    }
}
