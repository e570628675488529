package org.attention4j.tornado;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableMap;
import java.util.Optional;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Device;
import org.attention4j.core.backend.Probe;
import org.attention4j.tornado.machine.Devices;
import org.attention4j.tornado.machine.TornadoMachine;

/** Finds TornadoVM. A device is called {@code back end:device}, as TornadoVM counts them; there are no settings. */
@AutoService(Backend.Provider.class)
public final class TornadoProvider implements Backend.Provider {
    /** Above the reference backend's, below ONNX Runtime's. */
    private static final int PRIORITY = 50;
    /** TornadoVM's argfile sets this; without it none of its classes can be used. */
    private static final String STARTED = "tornado.load.api.implementation";

    @Override
    public String name() {
        return TornadoBackend.NAME;
    }

    @Override
    public int priority() {
        return PRIORITY;
    }

    @Override
    public Probe probe() {
        if (System.getProperty(STARTED) == null) {
            return new Probe.Missing(
                    "this JVM was started without TornadoVM's flags",
                    "install TornadoVM's SDK (sdk install tornadovm) and start java with @$TORNADOVM_HOME/tornado-argfile");
        }
        try {
            ImmutableMap<String, Device> devices = Devices.all();
            return devices.isEmpty()
                    ? new Probe.Missing(
                            "TornadoVM finds no device",
                            "install a driver for your GPU, or pocl-opencl-icd for the processor")
                    : new Probe.Ready(devices.values().asList());
        } catch (BackendException e) {
            return new Probe.Missing(
                    String.valueOf(e.getMessage()),
                    "install an OpenCL driver, and an SDK of TornadoVM with no back end that this machine lacks");
        }
    }

    @Override
    public Backend create(BackendOptions options) {
        ImmutableMap<String, Device> devices = Devices.all();
        String id = options.device().orElseGet(() -> devices.keySet().asList().getFirst());
        Device device = devices.get(id);
        if (device == null) {
            throw new BackendException(
                    "tornado: there is no device %s; there are %s".formatted(id, String.join(", ", devices.keySet())));
        }
        options.settings().keySet().stream().findFirst().ifPresent(key -> {
            throw new BackendException("tornado: unknown setting %s; it has none".formatted(key));
        });
        return new TornadoBackend(device, new TornadoMachine(id, Optional.empty()));
    }
}
