package org.attention4j.onnx.attention;

import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.testkit.AttentionLaws;

/** Runs of one sequence take another lowering than batches, so the laws also compare the two. */
class OnnxAttentionLawsTest extends AttentionLaws {
    private static final Backend BACKEND = Backends.create("onnx", BackendOptions.DEFAULT);

    @Override
    protected Backend backend() {
        return BACKEND;
    }
}
