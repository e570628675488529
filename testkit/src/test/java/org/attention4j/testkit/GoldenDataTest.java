package org.attention4j.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

class GoldenDataTest {
    @TempDir
    private Path directory;

    private static <T> T in(Path directory, Supplier<T> call) {
        String before = System.getProperty(GoldenData.PROPERTY, "");
        System.setProperty(GoldenData.PROPERTY, directory.toString());
        try {
            return call.get();
        } finally {
            if (before.isEmpty()) {
                System.clearProperty(GoldenData.PROPERTY);
            } else {
                System.setProperty(GoldenData.PROPERTY, before);
            }
        }
    }

    @Test
    void withoutDataTheTestIsSkippedAndSaysWhy() {
        Path nowhere = directory.resolve("nowhere");
        TestAbortedException e = assertThrows(TestAbortedException.class, () -> in(nowhere, GoldenData::assumePresent));
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains("no golden data at " + nowhere), message);
        assertTrue(message.contains("attention4j.golden"), message);
    }

    @Test
    void casesAreFoundByOp() throws IOException {
        Files.writeString(directory.resolve("index.jsonl"), """
                {"kind": "op", "id": "a-0", "op": "add", "file": "a.safetensors", "attrs": {"n": 3}, "tol": {"atol": 0.5, "rtol": 1e-3}, "ref_f32_err": Infinity}
                {"kind": "model", "id": "m"}
                """);
        GoldenData golden = in(directory, GoldenData::assumePresent);
        assertEquals(directory, golden.directory());
        assertEquals(1, golden.entries("model").count());
        GoldenCase c = golden.cases("add").getFirst();
        assertEquals("a-0", c.id());
        assertEquals(3, c.attrs().get("n").asInt());
        assertEquals(new Tolerance(0.5, 1e-3), c.tolerance());
        TestAbortedException e = assertThrows(TestAbortedException.class, () -> golden.cases("sub"));
        assertTrue(String.valueOf(e.getMessage()).contains("has no op sub"));
    }
}
