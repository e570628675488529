package org.attention4j.testkit;

import java.util.stream.Stream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.junit.jupiter.api.AfterAll;

/** The chunked form of linear attention is its step, in double precision. */
class LinearRecurrenceLawsTest extends RecurrenceLaws {
    private static final Backend REFERENCE = Backends.create("reference", BackendOptions.DEFAULT);

    @AfterAll
    static void close() {
        REFERENCE.close();
    }

    @Override
    protected Stream<Case> cases() {
        return LinearRecurrenceCases.all();
    }

    @Override
    protected Backend backend() {
        return REFERENCE;
    }

    /** Results are rounded to float32; the chunked form takes decays below e^-20 for that. */
    @Override
    protected Tolerance tolerance() {
        return new Tolerance(2e-7, 2e-7);
    }
}
