package org.attention4j.onnx.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.attention4j.onnx.proto.TensorProto;
import org.attention4j.onnx.proto.TensorProto.DataType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBytesTest {
    @TempDir
    Path folder;

    private TensorBytes bytes = new TensorBytes(Path.of(""), Arena.ofAuto());
    private Path models = Path.of("");

    @BeforeEach
    void aModelWithASideFile() throws IOException {
        models = Files.createDirectory(folder.resolve("models"));
        Path model = Files.createFile(models.resolve("m.onnx"));
        Files.write(models.resolve("w.bin"), new byte[] {0, 1, 2, 3, 4, 5, 6, 7});
        Files.write(folder.resolve("secret.bin"), new byte[8]);
        bytes = new TensorBytes(model, Arena.ofAuto());
    }

    @Test
    void readsRawData() throws IOException {
        TensorProto tensor = Models.tensor(DataType.INT8, 3)
                .setRawData(ByteString.copyFrom(new byte[] {7, 8, 9}))
                .build();
        assertContents(tensor, 7, 8, 9);
        assertTrue(bytes.of(tensor).isReadOnly());
    }

    @Test
    void readsTypedFields() throws IOException {
        assertContents(Models.tensor(DataType.FLOAT, 1).addFloatData(1), 0, 0, 0x80, 0x3f);
        assertContents(Models.tensor(DataType.DOUBLE, 1).addDoubleData(1), 0, 0, 0, 0, 0, 0, 0xf0, 0x3f);
        assertContents(Models.tensor(DataType.FLOAT16, 2).addInt32Data(0x3c00).addInt32Data(0xc000), 0, 0x3c, 0, 0xc0);
        assertContents(Models.tensor(DataType.INT64).addInt64Data(-2), 0xfe, 255, 255, 255, 255, 255, 255, 255);
        assertContents(Models.tensor(DataType.UINT32, 1).addUint64Data(0xfffffffeL), 0xfe, 255, 255, 255);
        assertContents(Models.tensor(DataType.INT4, 3).addInt32Data(0x21).addInt32Data(0x03), 0x21, 0x03);
        assertContents(Models.tensor(DataType.BOOL, 2).addAllInt32Data(List.of(1, 0)), 1, 0);
    }

    @Test
    void readsSideFiles() throws IOException {
        TensorProto tensor = Models.external(
                Models.tensor(DataType.INT16, 2), "location", "w.bin", "offset", "2", "length", "4", "checksum", "?");
        assertContents(tensor, 2, 3, 4, 5);
        assertContents(Models.external(Models.tensor(DataType.UINT8, 8), "location", "w.bin"), 0, 1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void followsLinksOfAModelThatIsALinkItself() throws IOException {
        Path hub = Files.createDirectory(folder.resolve("hub"));
        Files.createSymbolicLink(hub.resolve("m.onnx"), models.resolve("m.onnx"));
        Files.createSymbolicLink(hub.resolve("w.bin"), models.resolve("w.bin"));
        TensorProto tensor = Models.external(Models.tensor(DataType.INT8, 8), "location", "w.bin");
        TensorBytes linked = new TensorBytes(hub.resolve("m.onnx"), Arena.ofAuto());
        assertEquals(8, linked.of(tensor).byteSize());
    }

    @Test
    void readsNothingOutsideOfTheFolder() throws IOException {
        Files.createSymbolicLink(models.resolve("link.bin"), folder.resolve("secret.bin"));
        Files.createSymbolicLink(models.resolve("up"), folder);
        String absolute = folder.resolve("secret.bin").toString();
        for (String location :
                List.of("../secret.bin", absolute, "link.bin", "up/secret.bin", "none.bin", ".", "a\0b")) {
            TensorProto tensor = Models.external(Models.tensor(DataType.INT8, 8), "location", location);
            assertRefused(tensor, "is not a file in the folder of");
        }
    }

    @Test
    void readsNothingOutsideOfTheFile() {
        assertRefused(entries("location", "w.bin", "offset", "1"), "bytes 1 + 8 are outside of w.bin, which has 8");
        assertRefused(entries("location", "w.bin", "offset", "9223372036854775807"), "are outside of w.bin");
        assertRefused(entries("location", "w.bin", "offset", "-1"), "has offset '-1', expected a number from 0 on");
        assertRefused(entries("location", "w.bin", "offset", "1e3"), "has offset '1e3'");
        assertRefused(entries("location", "w.bin", "length", "4"), "has length 4, expected 8");
        assertRefused(entries("offset", "0"), "has no location");
        assertRefused(entries("location", "w.bin", "location", "w.bin"), "two entries 'location'");
    }

    private static TensorProto entries(String... entries) {
        return Models.external(Models.tensor(DataType.INT8, 8), entries);
    }

    @Test
    void refusesSizesThatDoNotAgree() {
        TensorProto.Builder negative = Models.tensor(DataType.FLOAT, -1).setRawData(ByteString.EMPTY);
        TensorProto.Builder huge =
                Models.tensor(DataType.FLOAT, 1L << 40, 1L << 40).setRawData(ByteString.EMPTY);
        assertRefused(Models.tensor(DataType.FLOAT, 2).addFloatData(1).build(), "4 bytes of data, expected 8");
        assertRefused(negative.build(), "dimension -1 is negative");
        assertRefused(huge.build(), "the size overflows");
        assertRefused(Models.tensor(DataType.STRING, 1).build(), "STRING");
        assertRefused(TensorProto.newBuilder().setName("t").setDataType(99).build(), "unknown data type 99");
    }

    private void assertRefused(TensorProto tensor, String expected) {
        OnnxFormatException e = assertThrows(OnnxFormatException.class, () -> bytes.of(tensor));
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains("'t'") && message.contains(expected), message);
    }

    private void assertContents(TensorProto.Builder tensor, int... expected) throws IOException {
        assertContents(tensor.build(), expected);
    }

    private void assertContents(TensorProto tensor, int... expected) throws IOException {
        MemorySegment data = bytes.of(tensor);
        byte[] want = new byte[expected.length];
        for (int i = 0; i < want.length; i++) {
            want[i] = (byte) expected[i];
        }
        assertArrayEquals(want, data.toArray(ValueLayout.JAVA_BYTE));
    }
}
