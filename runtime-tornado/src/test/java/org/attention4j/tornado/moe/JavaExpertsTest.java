package org.attention4j.tornado.moe;

import org.attention4j.core.backend.Backend;
import org.attention4j.tornado.TestBackends;

/** Experts as plain Java. */
class JavaExpertsTest extends ExpertCases {
    @Override
    Backend backend() {
        return TestBackends.java();
    }
}
