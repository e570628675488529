package org.attention4j.tornado.norm;

import org.attention4j.core.backend.Backend;
import org.attention4j.tornado.TestBackends;

/** Norms as plain Java. */
class JavaNormsTest extends NormCases {
    @Override
    Backend backend() {
        return TestBackends.java();
    }
}
