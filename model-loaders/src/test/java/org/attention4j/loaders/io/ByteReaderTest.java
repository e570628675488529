package org.attention4j.loaders.io;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ByteReaderTest {
    @Test
    void readsLittleEndian() {
        ByteReader in = reader(new LittleEndianBuffer()
                .i8(0xff)
                .i32(0x01020304)
                .i64(0x0102030405060708L)
                .f32(1.5f)
                .sizedUtf8("é€")
                .toByteArray());
        assertEquals(255, in.u8("byte"));
        assertEquals(0x01020304, in.i32("int"));
        assertEquals(0x0102030405060708L, in.i64("long"));
        assertEquals(1.5f, Float.intBitsToFloat(in.i32("float")));
        assertEquals("é€", in.utf8(in.i64("length"), "text"));
        assertEquals(0, in.remaining());
    }

    @Test
    void staysInsideTheFile() {
        ByteReader in = reader(new byte[] {1, 2, 3});
        in.u8("byte");
        assertRefused(
                () -> in.i32("the size"), "f.bin: truncated: the size at byte 1 needs 4 bytes, the file has 2 left");
        assertRefused(() -> in.take(-1, "the rest"), "needs 18446744073709551615 bytes");
        assertEquals(2, in.take(2, "the rest").byteSize());
    }

    @Test
    void countsOnlyWhatTheFileCanHold() {
        byte[] bytes = new LittleEndianBuffer().i64(2).i64(0).toByteArray();
        assertEquals(2, reader(bytes).count(4, "the count"));
        assertRefused(
                () -> reader(bytes).count(5, "the count"), "the count is 2, but the 8 bytes left can hold at most 1");
    }

    @Test
    void refusesEnormousStrings() {
        int length = (1 << 24) + 1;
        assertRefused(() -> reader(new byte[length]).utf8(length, "text"), "text has 16777217 bytes, expected at most");
    }

    private static ByteReader reader(byte[] bytes) {
        return new ByteReader(Path.of("f.bin"), MemorySegment.ofArray(bytes));
    }
}
