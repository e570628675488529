package org.attention4j.tornado;

import org.attention4j.core.backend.Backend;
import org.attention4j.testkit.BackendContract;
import org.junit.jupiter.api.BeforeAll;

/** The contract of backends on whatever device there is. */
class TornadoContractTest extends BackendContract {
    @Override
    protected Backend backend() {
        return TestBackends.device();
    }

    /** Skips all if there is no device. */
    @BeforeAll
    static void findDevice() {
        TestBackends.device();
    }
}
