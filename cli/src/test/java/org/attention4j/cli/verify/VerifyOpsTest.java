package org.attention4j.cli.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.attention4j.core.backend.Backend;
import org.attention4j.core.backend.BackendOptions;
import org.attention4j.core.backend.Backends;
import org.attention4j.core.ir.Graph;
import org.attention4j.core.ir.GraphBuilder;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.safetensors.SafetensorsWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyOpsTest {
    private static final Tolerance TOLERANCE = new Tolerance(0.1, 0);

    /** Doubles x under the result's name {@code out}, or another one if the case asks for it. */
    private static final class Doubling implements OpCase {
        @Override
        public Set<String> ops() {
            return Set.of("double");
        }

        @Override
        public Graph build(GoldenCase golden) {
            GraphBuilder b = new GraphBuilder("double");
            String result = golden.attrs().text("result", "out");
            b.result(result, b.mul(b.input("x", golden.input("x")), 2));
            return b.build();
        }
    }

    @TempDir
    Path directory;

    private VerifyResult.Outcome run(String op, Map<String, Object> attrs, Tensor expected) throws IOException {
        Tensor x = Tensor.f32(Shape.of(2), 1, -3);
        Path file = directory.resolve("case.safetensors");
        new SafetensorsWriter()
                .tensor("x", x)
                .tensor("unused", x)
                .tensor("out", expected)
                .write(file);
        TensorType type = TensorType.of(x.dtype(), x.shape());
        GoldenCase golden = new GoldenCase(
                "a-00",
                op,
                "test",
                file,
                Config.of(file, attrs),
                Map.of("x", type, "unused", type),
                Map.of("out", TensorType.of(expected.dtype(), expected.shape())),
                TOLERANCE);
        try (Backend backend = Backends.create("reference", BackendOptions.DEFAULT)) {
            VerifyResult result = new VerifyOps(backend, List.of(new Doubling())).run(golden);
            assertEquals("a-00", result.id());
            assertEquals(op, result.op());
            return result.outcome();
        }
    }

    @Test
    void passesWithinTolerance() throws IOException {
        VerifyResult.Outcome outcome = run("double", Map.of(), Tensor.f32(Shape.of(2), 2.0625f, -6));
        assertEquals(new VerifyResult.Passed(0.0625, TOLERANCE), outcome);
    }

    @Test
    void failsWithTheEntryThatIsWrong() throws IOException {
        VerifyResult.Outcome outcome = run("double", Map.of(), Tensor.f32(Shape.of(2), 2, -5));
        assertEquals(new VerifyResult.Failed(1, TOLERANCE, "out[1] is -6.0, expected -5.0"), outcome);
        assertEquals(
                "a-00 double: failed: max error 1.0e+00, tolerance 1.0e-01 + 0.0e+00·|y|: out[1] is -6.0, expected -5.0",
                new VerifyResult("a-00", "double", outcome).toString());
    }

    @Test
    void anOutputThatIsNotComputedIsAFailure() throws IOException {
        VerifyResult.Outcome outcome = run("double", Map.of("result", "y"), Tensor.f32(Shape.of(2), 2, -6));
        VerifyResult.Failed failed = assertInstanceOf(VerifyResult.Failed.class, outcome);
        assertEquals("the adapter computes no out, only [y]", failed.reason());
    }

    @Test
    void whatACaseThrowsIsItsFailure() throws IOException {
        VerifyResult.Outcome outcome = run("double", Map.of("result", 5), Tensor.f32(Shape.of(2), 2, -6));
        VerifyResult.Failed failed = assertInstanceOf(VerifyResult.Failed.class, outcome);
        assertEquals(directory.resolve("case.safetensors") + ": 'result' is 5, expected a string", failed.reason());
    }

    @Test
    void skipsOpsThatNobodyKnows() throws IOException {
        VerifyResult.Outcome outcome = run("triple", Map.of(), Tensor.f32(Shape.of(2), 3, -9));
        assertEquals(new VerifyResult.Skipped("no adapter for op triple"), outcome);
    }

    @Test
    void refusesTwoAdaptersForOneOp() {
        try (Backend backend = Backends.create("reference", BackendOptions.DEFAULT)) {
            List<OpCase> twice = List.of(new Doubling(), new Doubling());
            assertThrows(IllegalStateException.class, () -> new VerifyOps(backend, twice));
        }
    }
}
