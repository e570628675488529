package org.attention4j.onnx;

import java.util.stream.Stream;
import org.attention4j.testkit.SessionCase;
import org.attention4j.testkit.SessionCases;
import org.attention4j.testkit.SessionLaws;

/** Sessions of every kind of state keep their laws on ONNX Runtime, and move from there to the reference backend and back. */
class OnnxSessionLawsTest extends SessionLaws {
    OnnxSessionLawsTest() {
        super("onnx", "reference");
    }

    @Override
    protected Stream<SessionCase> cases() {
        return SessionCases.all();
    }
}
