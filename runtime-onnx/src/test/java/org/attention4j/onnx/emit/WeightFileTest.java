package org.attention4j.onnx.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.attention4j.onnx.proto.TensorProto;
import org.attention4j.onnx.proto.TensorProto.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightFileTest {
    @TempDir
    private Path folder;

    private static TensorProto putZeros(WeightFile file, String name, long... dims) {
        return file.put(name, DataType.UINT8, dims, 1024, () -> (at, target) -> target.fill((byte) 0));
    }

    @Test
    void knowsWhatIsReadSeldomInItsSideFile() {
        try (WeightFile file = new WeightFile(folder, "weights.bin")) {
            putZeros(file, "small", 16);
            putZeros(file, "often", 4096);
            TensorProto seldom = putZeros(file, "seldom", 64, 64);
            file.readSeldom("seldom");
            file.readSeldom("small");
            file.readSeldom("seldom");
            assertEquals(List.of(seldom), file.seldomRead());
        }
    }
}
