package org.attention4j.tornado;

import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.Device;
import org.attention4j.testkit.AttentionLaws;
import org.attention4j.tornado.machine.JavaMachine;

/** The laws of attention, with kernels run as plain Java. */
class JavaAttentionLawsTest extends AttentionLaws {
    private static final Backend BACKEND = new TornadoBackend(new Device("java", "plain Java"), new JavaMachine());

    @Override
    protected Backend backend() {
        return BACKEND;
    }
}
