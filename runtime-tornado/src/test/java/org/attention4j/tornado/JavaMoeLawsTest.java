package org.attention4j.tornado;

import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.Device;
import org.attention4j.testkit.MoeLaws;
import org.attention4j.tornado.machine.JavaMachine;

/** The laws of mixtures, with kernels run as plain Java. */
class JavaMoeLawsTest extends MoeLaws {
    private static final Backend BACKEND = new TornadoBackend(new Device("java", "plain Java"), new JavaMachine());

    @Override
    protected Backend backend() {
        return BACKEND;
    }
}
