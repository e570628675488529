package org.attention4j.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Device;

/**
 * What a user chose about ONNX Runtime. Settings: {@code spinning} ({@code true} or {@code false}: whether threads busy-wait
 * for work; false by default, since it starves whatever else runs on the machine).
 *
 * @param device where to run
 * @param threads for one run
 * @param spinning whether idle threads busy-wait
 */
record OnnxOptions(Device device, int threads, boolean spinning) {
    private static final Set<String> SETTINGS = new TreeSet<>(Set.of("spinning"));

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
                flag("spinning", options.settings().getOrDefault("spinning", "false")));
    }

    private static boolean flag(String setting, String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new BackendException("onnx: %s is %s, expected true or false".formatted(setting, value));
        };
    }

    OrtSession.SessionOptions sessionOptions() throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        options.addConfigEntry("session.intra_op.allow_spinning", spinning ? "1" : "0");
        ExecutionProviders.add(options, device.id());
        return options;
    }
}
