package org.attention4j.tornado;

import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.Device;
import org.attention4j.testkit.BackendContract;
import org.attention4j.tornado.machine.JavaMachine;
import org.junit.jupiter.api.AfterAll;

/** The contract of backends, with kernels run as plain Java: it needs no device. */
class JavaContractTest extends BackendContract {
    private static final Backend BACKEND = new TornadoBackend(new Device("java", "plain Java"), new JavaMachine());

    @Override
    protected Backend backend() {
        return BACKEND;
    }

    @AfterAll
    static void close() {
        BACKEND.close();
    }
}
