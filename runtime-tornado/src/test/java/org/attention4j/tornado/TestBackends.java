package org.attention4j.tornado;

import static org.junit.jupiter.api.Assumptions.abort;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Device;
import org.attention4j.core.backend.Probe;
import org.attention4j.core.backend.Progress;
import org.attention4j.tornado.machine.Devices;
import org.attention4j.tornado.machine.JavaMachine;
import org.attention4j.tornado.machine.Machine;
import org.attention4j.tornado.machine.TornadoMachine;

/**
 * What tests run on: plain Java, or the device that there is. One backend each, since each compiles its kernels anew. No JVM may
 * do both: TornadoVM compiles what this JVM's profile says was reached, which after plain Java is more than it can.
 */
public final class TestBackends {
    private static final Supplier<Backend> DEVICE =
            Suppliers.memoize(() -> new TornadoProvider().create(BackendOptions.DEFAULT));
    private static final Supplier<Backend> DEVICE_AS_GPU = Suppliers.memoize(TestBackends::asGpu);
    private static final Supplier<Backend> JAVA = Suppliers.memoize(() -> plain(true));
    private static final Supplier<Backend> JAVA_AS_GPU = Suppliers.memoize(() -> plain(false));

    private TestBackends() {}

    /** On a machine of its own. */
    public static Backend java(JavaMachine machine) {
        return new TornadoBackend(new Device("java", "plain Java"), machine, Optional.empty());
    }

    private static Backend plain(boolean isProcessor) {
        return java(new JavaMachine(isProcessor));
    }

    private static Backend asGpu() {
        Map.Entry<String, Device> first = Devices.all().entrySet().iterator().next();
        Machine machine = new TornadoMachine(first.getKey(), Optional.of(false), Progress.NONE, false);
        return new TornadoBackend(first.getValue(), machine, Optional.empty());
    }

    /** The kernels for GPUs as the Java that they are. */
    public static Backend javaAsGpu() {
        return JAVA_AS_GPU.get();
    }

    /** The first device with the kernels for GPUs; skips the test if there is none. */
    public static Backend deviceAsGpu() {
        device();
        return DEVICE_AS_GPU.get();
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
