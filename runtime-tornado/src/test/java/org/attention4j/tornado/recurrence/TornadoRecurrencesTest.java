package org.attention4j.tornado.recurrence;

import org.attention4j.core.backend.Backend;
import org.attention4j.tornado.TestBackends;
import org.junit.jupiter.api.BeforeAll;

/** Recurrences on whatever device there is. */
class TornadoRecurrencesTest extends RecurrenceCases {
    @Override
    Backend backend() {
        return TestBackends.device();
    }

    /** Skips all if there is no device. */
    @BeforeAll
    static void findDevice() {
        TestBackends.device();
    }
}
