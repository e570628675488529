package org.attention4j.core.backend;

import com.google.common.collect.ImmutableList;
import java.util.Comparator;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The backends on the class path. */
public final class Backends {
    private Backends() {}

    /** All providers, the highest priority first. */
    public static ImmutableList<Backend.Provider> providers() {
        return ServiceLoader.load(Backend.Provider.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparingInt(Backend.Provider::priority)
                        .reversed()
                        .thenComparing(Backend.Provider::name))
                .collect(ImmutableList.toImmutableList());
    }

    /**
     * The backend of this name.
     *
     * @throws BackendException if there is none, listing those that there are; or if it can't work here, with its reason
     */
    public static Backend create(String name, BackendOptions options) {
        Backend.Provider provider = providers().stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BackendException("unknown backend %s; known are %s".formatted(name, names())));
        if (provider.probe() instanceof Probe.Missing(String reason, String remedy)) {
            throw new BackendException("backend %s is not ready: %s; %s".formatted(name, reason, remedy));
        }
        return provider.create(options);
    }

    /**
     * The ready backend of the highest priority.
     *
     * @throws BackendException if none is ready
     */
    public static Backend createDefault(BackendOptions options) {
        return providers().stream()
                .filter(p -> p.probe() instanceof Probe.Ready)
                .findFirst()
                .orElseThrow(() -> new BackendException("no backend is ready; known are " + names()))
                .create(options);
    }

    private static String names() {
        return providers().stream().map(Backend.Provider::name).sorted().collect(Collectors.joining(", "));
    }
}
