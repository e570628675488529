package org.attention4j.testkit;

import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.junit.jupiter.api.AfterAll;

/** The mixers of hybrids keep the laws of mixers, in double precision. */
class ReferenceLinearMixersLawsTest extends LinearMixersLaws {
    private static final Backend REFERENCE = Backends.create("reference", BackendOptions.DEFAULT);

    @AfterAll
    static void close() {
        REFERENCE.close();
    }

    @Override
    protected Backend backend() {
        return REFERENCE;
    }

    @Override
    protected double tolerance() {
        return 1e-6;
    }
}
