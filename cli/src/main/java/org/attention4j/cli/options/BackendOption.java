package org.attention4j.cli.options;

import java.util.Optional;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import picocli.CommandLine.Option;

/** Which backend, on what. */
public final class BackendOption {
    @Option(
            names = "--backend",
            paramLabel = "NAME",
            description = "onnx, reference, ...: see the command backends. Default: the best that is ready.")
    private Optional<String> backend;

    @Option(names = "--device", paramLabel = "ID", description = "One of the backend's devices. Default: its first.")
    private Optional<String> device;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of one step. Default: the backend's choice.")
    private Optional<Integer> threads;

    /** The name that the user gave, if any. */
    public Optional<String> name() {
        return backend;
    }

    /** Device and threads. */
    public BackendOptions options() {
        BackendOptions onDevice = device.map(BackendOptions.DEFAULT::withDevice).orElse(BackendOptions.DEFAULT);
        return threads.map(onDevice::withThreads).orElse(onDevice);
    }

    /**
     * Makes the backend.
     *
     * @throws org.attention4j.core.backend.BackendException if it is unknown or not ready
     */
    public Backend create() {
        return backend.map(name -> Backends.create(name, options())).orElseGet(() -> Backends.createDefault(options()));
    }
}
