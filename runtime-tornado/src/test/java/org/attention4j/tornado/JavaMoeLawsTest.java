package org.attention4j.tornado;

import org.attention4j.core.backend.Backend;
import org.attention4j.testkit.MoeLaws;

/** The laws of Moe as plain Java. */
class JavaMoeLawsTest extends MoeLaws {
    @Override
    protected Backend backend() {
        return TestBackends.java();
    }
}
