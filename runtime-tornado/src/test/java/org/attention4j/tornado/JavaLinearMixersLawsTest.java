package org.attention4j.tornado;

import org.attention4j.core.backend.Backend;
import org.attention4j.testkit.LinearMixersLaws;

/** The laws of linear attention and hybrids as plain Java. */
class JavaLinearMixersLawsTest extends LinearMixersLaws {
    @Override
    protected Backend backend() {
        return TestBackends.java();
    }

    /** Sums of float32 in another order than the reference's. */
    @Override
    protected double tolerance() {
        return 2e-5;
    }
}
