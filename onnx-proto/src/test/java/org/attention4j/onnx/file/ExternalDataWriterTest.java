package org.attention4j.onnx.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.attention4j.onnx.proto.TensorProto;
import org.attention4j.onnx.proto.TensorProto.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExternalDataWriterTest {
    @TempDir
    Path folder;

    @Test
    void writesAlignedTensorsThatAreReadAgain() throws IOException {
        float[] values = {1, 2, 3};
        TensorProto bytes;
        TensorProto floats;
        TensorProto empty;
        try (ExternalDataWriter out = ExternalDataWriter.create(folder.resolve("w.bin"), 64)) {
            bytes = out.write("b", DataType.UINT8, new long[] {5}, MemorySegment.ofArray(new byte[] {1, 2, 3, 4, 5}));
            floats = out.write("f", DataType.FLOAT, new long[] {3, 1}, MemorySegment.ofArray(values));
            empty = out.write("e", DataType.FLOAT, new long[] {0}, MemorySegment.NULL);
            assertEquals(76, out.size());
        }
        assertEquals(new ExternalData("w.bin", 0, 5), ExternalData.of(bytes));
        assertEquals(new ExternalData("w.bin", 64, 12), ExternalData.of(floats));
        assertEquals(List.of(3L, 1L), floats.getDimsList());

        Path model = folder.resolve("m.onnx");
        OnnxModels.write(Models.withInitializers(bytes, floats, empty), model);
        List<TensorProto> read = OnnxModels.read(model).getGraph().getInitializerList();
        TensorBytes tensors = new TensorBytes(model, Arena.ofAuto());
        assertArrayEquals(new byte[] {1, 2, 3, 4, 5}, tensors.of(read.get(0)).toArray(ValueLayout.JAVA_BYTE));
        assertArrayEquals(values, tensors.of(read.get(1)).toArray(ValueLayout.JAVA_FLOAT));
        assertEquals(0, tensors.of(read.get(2)).byteSize());
    }

    @Test
    void asksASourceChunkByChunk() throws IOException {
        List<String> asked = new ArrayList<>();
        TensorProto tensor;
        try (ExternalDataWriter out = ExternalDataWriter.create(folder.resolve("w.bin"), 1)) {
            tensor = out.write("t", DataType.UINT8, new long[] {10}, 4, (offset, target) -> {
                asked.add(offset + "+" + target.byteSize());
                for (long i = 0; i < target.byteSize(); i++) {
                    target.set(ValueLayout.JAVA_BYTE, i, (byte) (offset + i));
                }
            });
        }
        assertEquals(List.of("0+4", "4+4", "8+2"), asked);
        Path model = folder.resolve("m.onnx");
        OnnxModels.write(Models.withInitializers(tensor), model);
        MemorySegment data = new TensorBytes(model, Arena.ofAuto()).of(tensor);
        assertArrayEquals(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, data.toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void refusesDataOfAnotherSize() throws IOException {
        MemorySegment three = MemorySegment.ofArray(new byte[3]);
        try (ExternalDataWriter out = ExternalDataWriter.create(folder.resolve("w.bin"), ExternalDataWriter.PAGE)) {
            assertThrows(IllegalArgumentException.class, () -> out.write("t", DataType.FLOAT, new long[] {1}, three));
            assertThrows(IllegalArgumentException.class, () -> out.write("t", DataType.STRING, new long[] {1}, three));
        }
    }

    @Test
    void refusesAlignmentsThatAreNoPowerOfTwo() {
        assertThrows(IllegalArgumentException.class, () -> ExternalDataWriter.create(folder.resolve("w.bin"), 48));
        assertThrows(IllegalArgumentException.class, () -> ExternalDataWriter.create(folder.resolve("w.bin"), 0));
    }
}
