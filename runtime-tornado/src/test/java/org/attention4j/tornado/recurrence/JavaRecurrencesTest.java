package org.attention4j.tornado.recurrence;

import org.attention4j.core.backend.Backend;
import org.attention4j.tornado.TestBackends;

/** Recurrences as plain Java. */
class JavaRecurrencesTest extends RecurrenceCases {
    @Override
    Backend backend() {
        return TestBackends.java();
    }
}
