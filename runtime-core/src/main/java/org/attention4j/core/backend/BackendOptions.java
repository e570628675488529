package org.attention4j.core.backend;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a user chooses about a backend.
 *
 * @param device a {@link Device#id()}; absent: the backend's default
 * @param threads how many threads one run may use; absent: the backend's default
 * @param settings the backend's own settings by name, documented by its provider; an unknown one is an error
 */
public record BackendOptions(Optional<String> device, OptionalInt threads, Map<String, String> settings) {
    /** Everything as the backend would choose. */
    public static final BackendOptions DEFAULT = new BackendOptions(Optional.empty(), OptionalInt.empty(), Map.of());

    public BackendOptions {
        settings = ImmutableMap.copyOf(settings);
        if (threads.isPresent() && threads.getAsInt() < 1) {
            throw new IllegalArgumentException("threads: got %d, expected at least 1".formatted(threads.getAsInt()));
        }
    }

    /** The same with this many threads per run. */
    public BackendOptions withThreads(int count) {
        return new BackendOptions(device, OptionalInt.of(count), settings);
    }

    /** The same on this device. */
    public BackendOptions withDevice(String id) {
        return new BackendOptions(Optional.of(id), threads, settings);
    }
}
