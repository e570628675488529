package org.attention4j.tornado;

import org.attention4j.core.backend.Backend;
import org.attention4j.testkit.GenerationLaws;

/** The laws of generation, with kernels run as plain Java. */
class JavaGenerationLawsTest extends GenerationLaws {
    @Override
    protected Backend backend() {
        return TestBackends.java();
    }
}
