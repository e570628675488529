package org.attention4j.testkit;

import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;

/** In double precision only the rounding of results to F32 is left. */
class ReferenceMoeLawsTest extends MoeLaws {
    private static final Backend BACKEND = Backends.create("reference", BackendOptions.DEFAULT);

    @Override
    protected Backend backend() {
        return BACKEND;
    }

    @Override
    protected double tolerance() {
        return 1e-6;
    }
}
