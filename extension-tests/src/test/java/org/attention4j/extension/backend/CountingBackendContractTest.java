package org.attention4j.extension.backend;

import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.testkit.BackendContract;
import org.junit.jupiter.api.AfterAll;

/** A backend from outside is held to the same contract as the project's own. */
class CountingBackendContractTest extends BackendContract {
    private static final Backend BACKEND = Backends.create("counting", BackendOptions.DEFAULT);

    @AfterAll
    static void close() {
        BACKEND.close();
    }

    @Override
    protected Backend backend() {
        return BACKEND;
    }
}
