package org.attention4j.cli.verify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.attention4j.core.ir.TensorType;
import org.attention4j.core.tensor.DType;
import org.attention4j.core.tensor.Shape;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenIndexTest {
    private static final String CASE = """
            {"kind":"op","id":"a-00","op":"rms_norm","family":"norm","file":"ops/a.safetensors","attrs":{"eps":1e-5,\
            "heads":4,"names":["x"],"mask":null},"inputs":{"x":{"shape":[2,3],"dtype":"F32","layout":""}},\
            "outputs":{"out":{"shape":[2],"dtype":"I64"}},"tol":{"atol":1e-5,"rtol":0}}""";

    @TempDir
    Path directory;

    private GoldenIndex index(String... lines) throws IOException {
        Files.write(directory.resolve("index.jsonl"), List.of(lines));
        return GoldenIndex.read(directory);
    }

    private void assertRefused(String line, String message) {
        ModelFormatException e =
                assertThrows(ModelFormatException.class, () -> index(CASE, line).ops());
        assertEquals(directory.resolve("index.jsonl") + ":2: " + message, e.getMessage());
    }

    @Test
    void readsCases() throws IOException {
        GoldenCase golden = index(CASE).ops().getFirst();
        assertEquals("a-00", golden.id());
        assertEquals("rms_norm", golden.op());
        assertEquals("norm", golden.family());
        assertEquals(directory.toAbsolutePath().normalize().resolve("ops/a.safetensors"), golden.file());
        assertEquals(TensorType.of(DType.F32, Shape.of(2, 3)), golden.input("x"));
        assertEquals(TensorType.of(DType.I64, Shape.of(2)), golden.outputs().get("out"));
        assertEquals(new Tolerance(1e-5, 0), golden.tolerance());
        assertEquals(4, golden.attrs().size("heads"));
        assertEquals(1e-5, golden.attrs().number("eps"));
        assertEquals(List.of("x"), golden.attrs().texts("names"));
        assertFalse(golden.attrs().has("mask"));
    }

    @Test
    void readsInfinities() throws IOException {
        GoldenCase golden = index(CASE.replace("null", "[0.0,Infinity]")).ops().getFirst();
        assertArrayEquals(
                new double[] {0, Double.POSITIVE_INFINITY}, golden.attrs().numbers("mask"));
    }

    @Test
    void givesEntriesOfOtherKindsAsTheyAre() throws IOException {
        GoldenIndex index = index(CASE, "", "{\"kind\":\"model\",\"dir\":\"models/llama\"}");
        assertEquals(
                List.of("models/llama"),
                index.entries("model").stream().map((Config e) -> e.text("dir")).toList());
        assertEquals(1, index.ops().size());
    }

    @Test
    void namesTheLineThatIsBroken() {
        assertRefused("[1]", "expected a JSON object");
        assertRefused("{}", "'kind' is missing, expected a string");
        assertRefused("{\"kind\":\"op\",\"id\":\"b\"}", "'op' is missing, expected a string");
        ModelFormatException e = assertThrows(ModelFormatException.class, () -> index("{\"kind\":"));
        String start = directory.resolve("index.jsonl") + ":1: not JSON: ";
        assertTrue(String.valueOf(e.getMessage()).startsWith(start), e.getMessage());
    }

    @Test
    void refusesFilesElsewhereAndUnknownTypes() {
        Path root = directory.toAbsolutePath().normalize();
        assertRefused(
                CASE.replace("ops/a.safetensors", "../a.safetensors"),
                "'file' is '../a.safetensors', expected a path inside " + root);
        assertRefused(CASE.replace("I64", "Q9"), "'dtype' is 'Q9', expected a tensor type such as F32");
        assertRefused(
                CASE.replace("{\"eps\"", "[],\"x\":{\"eps\""), "'attrs' is an array of 0, expected a JSON object");
    }

    @Test
    void saysThatThereIsNone() {
        assertThrows(ModelFormatException.class, () -> GoldenIndex.read(directory.resolve("nowhere")));
    }
}
