package org.attention4j.tornado;

import org.attention4j.core.backend.Backend;
import org.attention4j.testkit.MambaLaws;

/** The laws of Mamba as plain Java. */
class JavaMambaLawsTest extends MambaLaws {
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
