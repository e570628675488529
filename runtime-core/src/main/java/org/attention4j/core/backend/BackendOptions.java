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
 * @param progress who is told of work that takes long
 */
public record BackendOptions(
        Optional<String> device, OptionalInt threads, Map<String, String> settings, Progress progress) {
    /** Everything as the backend would choose. */
    public static final BackendOptions DEFAULT = new BackendOptions(Optional.empty(), OptionalInt.empty(), Map.of());

    public BackendOptions {
        settings = ImmutableMap.copyOf(settings);
        if (threads.isPresent() && threads.getAsInt() < 1) {
            throw new IllegalArgumentException("threads: got %d, expected at least 1".formatted(threads.getAsInt()));
        }
    }

    /** With nobody who is told of long work. */
    public BackendOptions(Optional<String> device, OptionalInt threads, Map<String, String> settings) {
        this(device, threads, settings, Progress.NONE);
    }

    /** The same with this many threads per run. */
    public BackendOptions withThreads(int count) {
        return new BackendOptions(device, OptionalInt.of(count), settings, progress);
    }

    /** The same on this device. */
    public BackendOptions withDevice(String id) {
        return new BackendOptions(Optional.of(id), threads, settings, progress);
    }

    /** The same with somebody who is told of long work. */
    public BackendOptions withProgress(Progress listener) {
        return new BackendOptions(device, threads, settings, listener);
    }
}
