package org.attention4j.tornado;

import static org.junit.jupiter.api.Assumptions.abort;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Probe;

/** The device that tests run on: one backend for all of them, since each compiles its kernels anew. */
final class SomeDevice {
    private static final Supplier<Backend> BACKEND =
            Suppliers.memoize(() -> new TornadoProvider().create(BackendOptions.DEFAULT));

    private SomeDevice() {}

    /** Skips the test if there is none. */
    static Backend backend() {
        if (new TornadoProvider().probe() instanceof Probe.Missing(String reason, String remedy)) {
            abort("%s: %s".formatted(reason, remedy));
        }
        return BACKEND.get();
    }
}
