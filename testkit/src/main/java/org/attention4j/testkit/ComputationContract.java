package org.attention4j.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendException;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.backend.CompileOptions;
import org.attention4j.core.backend.CompiledGraph;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The part of {@link BackendContract} about what graphs compute. */
abstract class ComputationContract {
    /** The backend under test. Whoever inherits makes it, and closes it after the last test. */
    protected abstract Backend backend();

    /** How near the results come to those of the reference backend. */
    protected Tolerance tolerance() {
        return new Tolerance(1e-5, 1e-4);
    }

    @TestFactory
    Stream<DynamicTest> elementwiseOpsAgreeWithTheReference() {
        return tests(ElementwiseCases.all());
    }

    @TestFactory
    Stream<DynamicTest> reductionsAndProductsAgreeWithTheReference() {
        return tests(ReductionCases.all());
    }

    @TestFactory
    Stream<DynamicTest> movementsAgreeWithTheReference() {
        return tests(MovementCases.all());
    }

    @TestFactory
    Stream<DynamicTest> scansAndCompositesAgreeWithTheReference() {
        return tests(ScanCases.all());
    }

    /** An engine may be unable to loop over nothing; then it says so and goes on living. */
    @Test
    void aLoopOfNoStepsAgreesOrIsRefused() {
        try {
            check(ScanCases.noSteps());
        } catch (BackendException e) {
            assertMessage(e, "graph scan", "seq", "0", "1");
        }
    }

    private Stream<DynamicTest> tests(List<GraphCase> cases) {
        return cases.stream().map(c -> dynamicTest(c.name(), () -> check(c)));
    }

    /** Each run of the case with one compiled graph. */
    private void check(GraphCase c) {
        Graph graph = c.graph();
        try (Backend reference = reference();
                CompiledGraph expected = reference.compile(graph, CompileOptions.DEFAULT);
                CompiledGraph actual = backend().compile(graph, CompileOptions.DEFAULT)) {
            assertEquals(actual.plan(), backend().plan(graph, CompileOptions.DEFAULT), "the plan without compiling");
            for (ImmutableMap<String, Tensor> inputs : c.runs()) {
                String what = "%s of %s".formatted(c.name(), inputs.values());
                Compare.assertClose(what, expected.run(inputs), actual.run(inputs), tolerance());
            }
        }
    }

    /** Fails unless the message is one line that holds all of {@code parts}. */
    static void assertMessage(Exception e, String... parts) {
        String message = String.valueOf(e.getMessage());
        assertEquals(1, message.lines().count(), () -> "more than one line: " + message);
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "does not name %s: %s".formatted(part, message));
        }
    }

    /** The judge. */
    static Backend reference() {
        return Backends.create("reference", BackendOptions.DEFAULT);
    }

    /** What the reference backend computes. */
    static Map<String, Tensor> expected(Graph graph, Map<String, Tensor> inputs) {
        try (Backend reference = reference();
                CompiledGraph compiled = reference.compile(graph, CompileOptions.DEFAULT)) {
            return compiled.run(inputs);
        }
    }
}
