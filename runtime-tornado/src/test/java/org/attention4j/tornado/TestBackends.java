package org.attention4j.tornado;

import static org.junit.jupiter.api.Assumptions.abort;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import java.util.Optional;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Device;
import org.attention4j.core.backend.Probe;
import org.attention4j.tornado.machine.JavaMachine;

/**
 * What tests run on: plain Java, or the device that there is. One backend each, since each compiles its kernels anew. No JVM may
 * do both: TornadoVM compiles what this JVM's profile says was reached, which after plain Java is more than it can.
 */
public final class TestBackends {
    private static final Supplier<Backend> DEVICE =
            Suppliers.memoize(() -> new TornadoProvider().create(BackendOptions.DEFAULT));
    private static final Supplier<Backend> JAVA = Suppliers.memoize(() -> java(new JavaMachine()));

    private TestBackends() {}

    /** On a machine of its own. */
    public static Backend java(JavaMachine machine) {
        return new TornadoBackend(new Device("java", "plain Java"), machine, Optional.empty());
    }

    /** Kernels as the Java that they are. */
    public static Backend java() {
        return JAVA.get();
    }

    /** The first device; skips the test if there is none. */
    public static Backend device() {
        if (new TornadoProvider().probe() instanceof Probe.Missing(String reason, String remedy)) {
            abort("%s: %s".formatted(reason, remedy));
        }
        return DEVICE.get();
    }
}
