package org.attention4j.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Device;
import org.attention4j.onnx.custom.CustomOps;
import org.attention4j.x86.Processor;

/**
 * What a user chose about ONNX Runtime. Settings:
 *
 * <ul>
 *   <li>{@code spinning}, {@code true} or {@code false}: whether threads busy-wait for work; false by default, since it starves
 *       whatever else runs on the machine.
 *   <li>{@code activations}, {@code int8} or {@code exact}: whether products with quantised weights round their other factor to
 *       8 bits in blocks, as llama.cpp does, or compute with it as it is; {@code int8} by default, which is several times
 *       faster.
 *   <li>{@code generated}, {@code true} or {@code false}: whether products may run code that is generated for the processor; true by
 *       default.
 *   <li>{@code weights}, {@code fastest} or {@code stored}: whether the few quantised weights of a small model are expanded to F32, which is
 *       fast and exact, or stay as they are stored, which takes less memory; {@code fastest} by default.
 *   <li>{@code profile}, the beginning of a file's name: ONNX Runtime writes the times of its nodes to a JSON file called so and by
 *       the time of day, in the format that Chromium's {@code about:tracing} and Perfetto show, when the graph is closed.
 * </ul>
 *
 * @param device where to run
 * @param threads for one run
 * @param spinning whether idle threads busy-wait
 * @param exactActivations whether activations are never rounded
 * @param generated whether code may be generated
 * @param storedWeights whether quantised weights of small models stay as they are stored
 * @param profile the beginning of the name of a file for the times of nodes, if they are wanted
 */
record OnnxOptions(
        Device device,
        int threads,
        boolean spinning,
        boolean exactActivations,
        boolean generated,
        boolean storedWeights,
        Optional<String> profile) {
    private static final Set<String> SETTINGS =
            new TreeSet<>(Set.of("activations", "generated", "profile", "spinning", "weights"));

    static OnnxOptions of(BackendOptions options, Map<String, Device> devices) {
        String id = options.device().orElse("cpu");
        Device device = devices.get(id);
        if (device == null) {
            throw new BackendException("onnx: there is no device %s in this ONNX Runtime; there are %s"
                    .formatted(id, String.join(", ", new TreeSet<>(devices.keySet()))));
        }
        for (String setting : options.settings().keySet()) {
            if (!SETTINGS.contains(setting)) {
                throw new BackendException("onnx: unknown setting %s; known are %s".formatted(setting, SETTINGS));
            }
        }
        return new OnnxOptions(
                device,
                options.threads().orElse(Runtime.getRuntime().availableProcessors()),
                choice(options, "spinning", "false", "true"),
                choice(options, "activations", "int8", "exact"),
                !choice(options, "generated", "true", "false"),
                choice(options, "weights", "fastest", "stored"),
                Optional.ofNullable(options.settings().get("profile")));
    }

    /** Whether a setting has its second value. */
    private static boolean choice(BackendOptions options, String setting, String usual, String other) {
        String value = options.settings().getOrDefault(setting, usual);
        if (!value.equals(usual) && !value.equals(other)) {
            throw new BackendException(
                    "onnx: setting %s is %s, expected %s or %s".formatted(setting, value, usual, other));
        }
        return value.equals(other);
    }

    /** Why code generated for the processor can't be used; empty if it can. */
    Optional<String> noGeneratedCode() {
        if (!generated) {
            return Optional.of("no code is generated, by setting");
        }
        return device.id().equals("cpu")
                ? Processor.current().missing().or(CustomOps::missing)
                : Optional.of("code is generated for processors, the device is " + device.id());
    }

    OrtSession.SessionOptions sessionOptions() throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        options.addConfigEntry("session.intra_op.allow_spinning", spinning ? "1" : "0");
        if (profile.isPresent()) {
            options.enableProfiling(profile.get());
        }
        ExecutionProviders.add(options, device.id());
        return options;
    }
}
