package org.attention4j.cli;

import com.google.auto.service.AutoService;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Probe;

/** A backend that nobody has. */
@AutoService(Backend.Provider.class)
public final class MissingBackend implements Backend.Provider {
    @Override
    public String name() {
        return "abacus-less";
    }

    @Override
    public int priority() {
        return -2;
    }

    @Override
    public Probe probe() {
        return new Probe.Missing("no abacus was found", "Buy one.");
    }

    @Override
    public Backend create(BackendOptions options) {
        throw new UnsupportedOperationException();
    }
}
