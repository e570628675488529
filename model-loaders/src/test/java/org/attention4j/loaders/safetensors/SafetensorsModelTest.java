package org.attention4j.loaders.safetensors;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.attention4j.core.tensor.Tensor;
import org.attention4j.loaders.TensorInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models in several files. */
class SafetensorsModelTest {
    @TempDir
    Path root;

    private Path dir = Path.of("");
    private Path index = Path.of("");

    @BeforeEach
    void writeShards() throws IOException {
        dir = Files.createDirectories(root.resolve("hub/snapshots/1234"));
        index = dir.resolve("model.safetensors.index.json");
        new SafetensorsWriter()
                .tensor("a", Tensor.scalar(1L))
                .tensor("unlisted", Tensor.scalar(0L))
                .write(dir.resolve("1.safetensors"));
        new SafetensorsWriter().tensor("b", Tensor.scalar(2L)).write(dir.resolve("2.safetensors"));
    }

    @Test
    void joinsShards() throws IOException {
        try (SafetensorsModel model = open("""
            {"metadata":{"total_size":16},"weight_map":{"b":"2.safetensors","a":"1.safetensors"}}\
            """)) {
            assertEquals(
                    "[b, a]",
                    model.tensors().stream().map(TensorInfo::name).toList().toString());
            assertEquals(1, model.tensor("a").getLong(0));
            assertEquals(2, model.tensor("b").getLong(0));
            assertFalse(model.hasTensor("unlisted"));
            assertRefused(() -> model.tensor("c"), "index.json", "no tensor 'c'");
        }
    }

    @Test
    void refusesAnIndexThatNamesWhatIsNotThere() {
        assertRefused(
                () -> open("{\"weight_map\":{\"a\":\"3.safetensors\"}}"), "'3.safetensors' with tensor 'a' is missing");
        assertRefused(() -> open("{\"weight_map\":{\"c\":\"1.safetensors\"}}"), "'c' is not in shard 1.safetensors");
        assertRefused(() -> open("{\"weight_map\":{\"a\":\"\"}}"), "tensor 'a' is missing");
    }

    @Test
    void refusesABrokenIndex() {
        assertRefused(() -> open("{}"), "'weight_map' names no tensor");
        assertRefused(() -> open("{\"weight_map\":[]}"), "weight_map is not an object");
        assertRefused(() -> open("{\"weight_map\":{\"a\":1}}"), "the shard of tensor 'a' is not a string");
        assertRefused(() -> open("{\"weight_map\":{\"a\":\"1.safetensors\",\"a\":\"2.safetensors\"}}"), "uplicate");
        assertRefused(() -> open("{\"weight_map\":{\"a\":\"x\\u0000y\"}}"), "is not a file name");
    }

    @Test
    void refusesShardsOutsideTheDirectory() throws IOException {
        Path outside = root.resolve("secret.safetensors");
        new SafetensorsWriter().tensor("a", Tensor.scalar(3L)).write(outside);
        assertRefused(() -> open("{\"weight_map\":{\"a\":\"../../../secret.safetensors\"}}"), "'a' is outside");
        assertRefused(() -> open("{\"weight_map\":{\"a\":\"%s\"}}".formatted(outside)), "'a' is outside");
        Files.createSymbolicLink(dir.resolve("3.safetensors"), outside);
        assertRefused(() -> open("{\"weight_map\":{\"a\":\"3.safetensors\"}}"), "'a' is outside");
    }

    @Test
    void followsTheLinksOfTheHubsCache() throws IOException {
        Path blob = Files.createDirectories(root.resolve("hub/blobs")).resolve("abcd");
        new SafetensorsWriter().tensor("a", Tensor.scalar(3L)).write(blob);
        Files.createSymbolicLink(dir.resolve("3.safetensors"), Path.of("../../blobs/abcd"));
        try (SafetensorsModel model = open("{\"weight_map\":{\"a\":\"3.safetensors\"}}")) {
            assertEquals(3, model.tensor("a").getLong(0));
        }
    }

    private SafetensorsModel open(String json) throws IOException {
        Files.writeString(index, json);
        return SafetensorsModel.openIndex(index);
    }
}
