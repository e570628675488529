package org.attention4j.tornado.machine;

import com.google.common.collect.ImmutableMap;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.Device;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.exceptions.TornadoInternalError;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/** TornadoVM's devices. Only to be touched in a JVM that was started with TornadoVM's flags. */
public final class Devices {
    /** What TornadoVM is told before it starts, unless the user tells it something else. */
    private static final Map<String, String> SETTINGS = Map.of(
            // A kernel that can't be compiled is an error: TornadoVM would run it as plain Java, one work-item only.
            "tornado.recover.bailout", "False",
            // TornadoVM's own limit is 4 GB; the device's is the one that counts.
            "tornado.device.memory", "1TB");

    /** TornadoVM writes its messages in red. */
    private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-9;]*m");

    private Devices() {}

    private static TornadoRuntime runtime() {
        SETTINGS.forEach((key, value) -> {
            if (System.getProperty(key) == null) {
                System.setProperty(key, value);
            }
        });
        return TornadoRuntimeProvider.getTornadoRuntime();
    }

    /**
     * All devices by id, which is {@code back end:device}, the default first.
     *
     * @throws BackendException if TornadoVM does not start
     */
    public static ImmutableMap<String, Device> all() {
        try {
            TornadoRuntime runtime = runtime();
            ImmutableMap.Builder<String, Device> devices = ImmutableMap.builder();
            for (int b = 0; b < runtime.getNumBackends(); b++) {
                TornadoBackend backend = runtime.getBackend(b);
                for (int d = 0; d < backend.getNumDevices(); d++) {
                    String id = b + ":" + d;
                    devices.put(id, new Device(id, describe(backend.getDevice(d))));
                }
            }
            return devices.buildOrThrow();
        } catch (RuntimeException | LinkageError e) {
            throw new BackendException("TornadoVM does not start: " + firstLine(e), e);
        }
    }

    private static String describe(TornadoDevice device) {
        return "%s (%s, %s)"
                .formatted(
                        device.getPhysicalDevice().getDeviceName().strip(),
                        device.getPlatformName().strip(),
                        device.getTornadoVMBackend());
    }

    static TornadoDevice device(String id) {
        String[] parts = id.split(":", 2);
        return runtime().getBackend(Integer.parseInt(parts[0])).getDevice(Integer.parseInt(parts[1]));
    }

    /** A kernel that TornadoVM, or the driver's compiler, can't compile or run, and why: what a bailout hides is said here. */
    static BackendException failed(String kernel, TornadoDevice device, Throwable e) {
        return new BackendException(
                "kernel %s does not run on %s: %s"
                        .formatted(
                                kernel,
                                device.getPhysicalDevice().getDeviceName().strip(),
                                firstLine(e)),
                e);
    }

    /** The first line of what went wrong at the bottom, and where. */
    static String firstLine(Throwable e) {
        Throwable root = e;
        while (root.getCause() instanceof Throwable cause) {
            root = cause;
        }
        String message = String.valueOf(root.getMessage()).lines().findFirst().orElse("no message");
        String kind = root.getClass().getSimpleName();
        // Of an error inside TornadoVM, its place tells more than its message, such as "unimplemented".
        Optional<StackTraceElement> place = Arrays.stream(root.getStackTrace())
                .filter(f -> !f.getClassName().equals(TornadoInternalError.class.getName()))
                .findFirst();
        String where = root instanceof TornadoInternalError && place.isPresent()
                ? " at %s.%s"
                        .formatted(
                                simpleName(place.get().getClassName()),
                                place.get().getMethodName())
                : "";
        return "%s (%s%s)".formatted(COLOURS.matcher(message).replaceAll(""), kind, where);
    }

    private static String simpleName(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }
}
