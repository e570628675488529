package org.attention4j.onnx.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.attention4j.onnx.proto.TensorProto;
import org.attention4j.onnx.proto.TensorProto.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightStoreTest {
    @TempDir
    private Path folder;

    @Test
    void knowsWhatIsReadSeldomInItsSideFile() {
        try (WeightStore store = new WeightStore(folder)) {
            MemorySegment bytes = MemorySegment.ofArray(new byte[4096]);
            store.put("small", DataType.UINT8, new long[] {16}, bytes.asSlice(0, 16));
            store.put("often", DataType.UINT8, new long[] {4096}, bytes);
            TensorProto seldom = store.put("seldom", DataType.UINT8, new long[] {64, 64}, bytes);
            store.readSeldom("seldom");
            store.readSeldom("small");
            store.readSeldom("seldom");
            assertEquals(List.of(seldom), store.seldomRead());
        }
    }
}
