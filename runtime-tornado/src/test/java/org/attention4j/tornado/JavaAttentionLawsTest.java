package org.attention4j.tornado;

import org.attention4j.core.backend.Backend;
import org.attention4j.testkit.AttentionLaws;

/** The laws of attention, with kernels run as plain Java. */
class JavaAttentionLawsTest extends AttentionLaws {
    @Override
    protected Backend backend() {
        return TestBackends.java();
    }
}
