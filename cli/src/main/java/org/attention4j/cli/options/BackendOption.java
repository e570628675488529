package org.attention4j.cli.options;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.attention4j.cli.report.ProgressLine;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which backend, on what. */
public final class BackendOption {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            description = "onnx, reference, ...: see the command backends. Default: the best that is ready.")
    private Optional<String> backend;

    @Option(names = "--device", paramLabel = "ID", description = "One of the backend's devices. Default: its first.")
    private Optional<String> device;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of one step. Default: the backend's choice.")
    private Optional<Integer> threads;

    @Option(
            names = "--setting",
            paramLabel = "NAME=VALUE",
            description = "A setting of the backend's own, such as activations=exact. May be given more than once.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--pin",
            paramLabel = "OP=LOWERING",
            description =
                    "How all ops of this name are computed, as inspect calls it; decomposed: primitive by primitive.")
    private Map<String, String> pinned = new LinkedHashMap<>();

    /** By name of op, the lowering that the user wants. */
    public Map<String, String> pinned() {
        return pinned;
    }

    /** The name that the user gave, if any. */
    public Optional<String> name() {
        return backend;
    }

    /** Device, threads and settings; what takes long is shown on the command's standard error. */
    public BackendOptions options() {
        OptionalInt count = threads.map(OptionalInt::of).orElseGet(OptionalInt::empty);
        return new BackendOptions(
                device, count, settings, new ProgressLine(command.commandLine().getErr(), ProgressLine.isTerminal()));
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
