package org.attention4j.loaders.gguf;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.attention4j.core.tensor.Shape;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.TensorInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufPartsTest {
    @TempDir
    private Path dir;

    /** A part whose one tensor holds its number. */
    private Path part(int number, int count, String name) throws IOException {
        GgufWriter writer = new GgufWriter();
        if (number == 0) {
            writer.string("general.architecture", "llama");
        }
        Path file = dir.resolve(name);
        writer.uint32("split.no", number)
                .uint32("split.count", count)
                .uint32("split.tensors.count", count)
                .tensor("t" + number, Tensor.f32(Shape.of(1), number))
                .write(file);
        return file;
    }

    private Path part(int number) throws IOException {
        return part(number, 3, "m-%05d-of-00003.gguf".formatted(number + 1));
    }

    @Test
    void anyPartOpensTheWholeModel() throws IOException {
        List<Path> files = List.of(part(0), part(1), part(2));
        for (Path file : files) {
            try (Checkpoint model = new GgufFormat().open(file)) {
                assertEquals("llama", model.architecture());
                assertEquals(file, model.path());
                assertEquals(
                        List.of("t0", "t1", "t2"),
                        model.tensors().stream().map(TensorInfo::name).toList());
                assertEquals(2, model.tensor("t2").getDouble(0));
            }
        }
    }

    @Test
    void aDirectoryMayHoldThePartsOfOneModel() throws IOException {
        part(0);
        part(2);
        assertFalse(new GgufFormat().accepts(dir), "two files of three are no model");
        part(1);
        assertTrue(new GgufFormat().accepts(dir));
        try (Checkpoint model = new GgufFormat().open(dir)) {
            assertEquals(3, model.tensors().size());
        }
        part(0, 1, "another.gguf");
        assertFalse(new GgufFormat().accepts(dir));
    }

    @Test
    void missingPartsAreNamedAtOnce() throws IOException {
        Path second = part(1);
        assertRefused(
                () -> GgufParts.open(second),
                "2 of the model's 3 parts are missing: m-00001-of-00003.gguf, m-00003-of-00003.gguf");
    }

    @Test
    void ofManyMissingPartsSomeAreNamed() throws IOException {
        Path first = part(0, 65_535, "m-00001-of-65535.gguf");
        assertRefused(
                () -> GgufParts.open(first), "65534 of the model's 65535 parts are missing", "00005-of-65535.gguf, …");
    }

    @Test
    void namesAndMetadataMustAgree() throws IOException {
        Path other = part(0, 3, "m.gguf");
        assertRefused(
                () -> GgufParts.open(other),
                "one of 3 parts of a model, expected a name such as NAME-00001-of-00003.gguf");
        Path first = part(0);
        part(1);
        Files.copy(first, dir.resolve("m-00003-of-00003.gguf"));
        assertRefused(
                () -> GgufParts.open(first), "m-00003-of-00003.gguf", "part 1 of 3 by its metadata, expected 3 of 3");
    }

    @Test
    void allTensorsMustBeThere() throws IOException {
        Path file = dir.resolve("m-00001-of-00001.gguf");
        new GgufWriter()
                .uint32("split.no", 0)
                .uint32("split.count", 1)
                .uint32("split.tensors.count", 2)
                .tensor("t", Tensor.scalar(1f))
                .write(file);
        assertRefused(() -> GgufParts.open(file), "1 tensors in all parts, expected 2");
    }
}
