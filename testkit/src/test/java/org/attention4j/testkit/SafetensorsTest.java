package org.attention4j.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.attention4j.core.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    @TempDir
    private Path directory;

    @Test
    void readsEveryTensorByName() throws IOException {
        byte[] header = """
                {"__metadata__": {"by": "hand"},
                 "a": {"dtype": "F32", "shape": [1, 2], "data_offsets": [8, 16]},
                 "i": {"dtype": "I64", "shape": [], "data_offsets": [0, 8]}}""".getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + header.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length).put(header).putLong(-7).putFloat(1.5f).putFloat(2);
        Path path = Files.write(directory.resolve("t.safetensors"), file.array());

        Map<String, Tensor> tensors = Safetensors.read(path);

        assertEquals("[F32[1, 2], I64[]]", tensors.values().toString());
        assertArrayEquals(
                new float[] {1.5f, 2},
                Optional.ofNullable(tensors.get("a")).orElseThrow().toFloatArray());
        assertEquals(-7, Optional.ofNullable(tensors.get("i")).orElseThrow().getLong(0));
    }
}
