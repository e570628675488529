package org.attention4j.tornado;

import org.attention4j.core.backend.Backend;
import org.attention4j.testkit.LinearMixersLaws;
import org.junit.jupiter.api.BeforeAll;

/** The laws of linear attention and hybrids on whatever device there is. */
class TornadoLinearMixersLawsTest extends LinearMixersLaws {
    @Override
    protected Backend backend() {
        return TestBackends.device();
    }

    /** Sums of float32 in another order than the reference's. */
    @Override
    protected double tolerance() {
        return 2e-5;
    }

    /** Skips all if there is no device. */
    @BeforeAll
    static void findDevice() {
        TestBackends.device();
    }
}
