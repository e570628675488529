package org.attention4j.tornado;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableMap;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Device;
import org.attention4j.core.backend.Probe;
import org.attention4j.tornado.machine.Devices;
import org.attention4j.tornado.machine.Machine;
import org.attention4j.tornado.machine.TornadoMachine;

/** Finds TornadoVM. Devices and settings of its backends: see {@link TornadoOptions}. */
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
        TornadoOptions chosen = TornadoOptions.of(options, Devices.all());
        Machine machine = new TornadoMachine(
                chosen.device().id(),
                chosen.isProcessor(),
                chosen.progress(),
                chosen.profile().isPresent());
        return new TornadoBackend(chosen.device(), machine, chosen.profile());
    }
}
