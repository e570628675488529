package org.attention4j.tornado;

import java.util.Map;
import java.util.Optional;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Device;
import org.attention4j.core.backend.Progress;

/**
 * What a user chose about TornadoVM. Its settings are {@code kernels}, {@code cpu} or {@code gpu}, the forms of kernels that are
 * taken, which otherwise go by the kind of the device; and {@code profile}, the beginning of a file's name: when the backend is closed,
 * a JSON file called so and by the time of day tells what was launched, which bytes went to the device and came from it, and how
 * long kernels ran: in all, by kernel, and by run. That makes launches slower, for each is waited for.
 *
 * @param device where to run: {@code back end:device}, as TornadoVM counts them
 * @param isProcessor whether kernels are those for CPUs, if it was said
 * @param profile the beginning of the name of a file for the profile, if it is wanted
 * @param progress is told of kernels that are compiled
 */
record TornadoOptions(Device device, Optional<Boolean> isProcessor, Optional<String> profile, Progress progress) {
    private static final String PROFILE = "profile";
    private static final String KERNELS = "kernels";

    static TornadoOptions of(BackendOptions options, Map<String, Device> devices) {
        String id = options.device().orElseGet(() -> devices.keySet().iterator().next());
        Device device = devices.get(id);
        if (device == null) {
            throw new BackendException(
                    "tornado: there is no device %s; there are %s".formatted(id, String.join(", ", devices.keySet())));
        }
        for (String setting : options.settings().keySet()) {
            if (!setting.equals(PROFILE) && !setting.equals(KERNELS)) {
                throw new BackendException(
                        "tornado: unknown setting %s; known are [%s, %s]".formatted(setting, KERNELS, PROFILE));
            }
        }
        Optional<String> profile = Optional.ofNullable(options.settings().get(PROFILE));
        Optional<Boolean> isProcessor =
                Optional.ofNullable(options.settings().get(KERNELS)).map(TornadoOptions::isProcessor);
        return new TornadoOptions(device, isProcessor, profile, options.progress());
    }

    private static boolean isProcessor(String kernels) {
        return switch (kernels) {
            case "cpu" -> true;
            case "gpu" -> false;
            default -> throw new BackendException("tornado: kernels=%s, expected cpu or gpu".formatted(kernels));
        };
    }
}
