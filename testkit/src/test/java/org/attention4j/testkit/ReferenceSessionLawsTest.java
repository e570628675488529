package org.attention4j.testkit;

import java.util.stream.Stream;

/** Sessions of every kind of state keep their laws on the reference backend. */
class ReferenceSessionLawsTest extends SessionLaws {
    ReferenceSessionLawsTest() {
        super("reference");
    }

    @Override
    protected Stream<SessionCase> cases() {
        return SessionCases.all();
    }

    /** Results are rounded to float32, in any order of the sums. */
    @Override
    protected float tolerance() {
        return 2e-6f;
    }

    /** It takes 512 tokens in one run, which would be slow; longer than every window. */
    @Override
    protected int promptLength() {
        return 30;
    }
}
