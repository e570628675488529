package org.attention4j.testkit;

import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.junit.jupiter.api.AfterAll;

/** The judge keeps the rules too; what it computes is checked value by value in its own tests. */
class ReferenceBackendContractTest extends BackendContract {
    private static final Backend BACKEND = Backends.create("reference", BackendOptions.DEFAULT);

    @AfterAll
    static void close() {
        BACKEND.close();
    }

    @Override
    protected Backend backend() {
        return BACKEND;
    }
}
