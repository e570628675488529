package org.attention4j.tornado;

import org.attention4j.core.backend.Backend;
import org.attention4j.testkit.BackendContract;

/** The contract of backends, with kernels run as plain Java: it needs no device. */
class JavaContractTest extends BackendContract {
    @Override
    protected Backend backend() {
        return TestBackends.java();
    }
}
