package org.attention4j.loaders.gguf;

import static org.attention4j.loaders.BadInput.assertMutationsReadOrRefused;
import static org.attention4j.loaders.BadInput.assertPrefixesRefused;
import static org.attention4j.loaders.BadInput.assertRefused;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.attention4j.loaders.io.LittleEndianBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Broken and hostile GGUF files. */
class GgufHostileTest {
    private static final long HUGE = 1_000_000_000_000_000_000L;

    @Test
    void truncated() {
        assertPrefixesRefused(GgufSample.valid(), GgufSample::read);
    }

    @Test
    void mutated() {
        assertMutationsReadOrRefused(GgufSample.valid(), bytes -> GgufSample.readAll(GgufSample.read(bytes)));
    }

    @Test
    void blocksOfEveryTypeCanHoldAnything() {
        byte[] bytes = GgufSample.blocks();
        int header = bytes.length - GgufSample.blockBytes();
        Random random = new Random(1);
        for (int i = 0; i < 20; i++) {
            for (int at = header; at < bytes.length; at++) {
                bytes[at] = (byte) random.nextInt();
            }
            GgufSample.readAll(GgufSample.read(bytes));
        }
    }

    @Test
    void missing(@TempDir Path dir) {
        assertRefused(() -> GgufFile.open(dir.resolve("gone.gguf")), "gone.gguf", "no such file");
        assertRefused(() -> GgufFile.open(dir), "not a regular file");
    }

    @Test
    void wrongMagicAndVersions() {
        assertRefused(() -> GgufSample.read(new byte[64]), "not a GGUF file", "00000000");
        assertRefused(() -> read(GgufSample.start(1, 0, 0)), "GGUF version 1, expected 2 or 3");
        assertRefused(() -> read(GgufSample.start(-1, 0, 0)), "GGUF version 4294967295");
        assertRefused(() -> read(GgufSample.start(3 << 24, 0, 0)), "big-endian");
    }

    @Test
    void countsThatTheFileCannotHold() {
        assertRefused(() -> read(GgufSample.start(3, HUGE, 0)), "number of tensors is 1000000000000000000", "at most");
        assertRefused(() -> read(GgufSample.start(3, -1, 0)), "number of tensors is 18446744073709551615");
        assertRefused(() -> read(GgufSample.start(3, 0, 1)), "number of metadata pairs is 1", "at most 0");
    }

    @Test
    void stringsBeyondTheFile() {
        assertRefused(
                () -> read(GgufSample.start(3, 0, 1).i64(HUGE).i64(0)), "metadata key 0 is 1000000000000000000 bytes");
        assertRefused(
                () -> new GgufSample().pair("k", out -> out.i32(8).i64(HUGE)).open(), "truncated", "'k'");
        assertRefused(
                () -> new GgufSample().pair("k", out -> out.i32(8).i64(-1)).open(), "18446744073709551615 bytes");
    }

    @Test
    void badUtf8() {
        byte[] bad = {(byte) 0xc3, 0x28};
        assertRefused(
                () -> read(GgufSample.start(3, 0, 1).i64(2).bytes(bad).i32(0).i8(0)),
                "metadata key 0",
                "not valid UTF-8");
        assertRefused(
                () -> new GgufSample()
                        .pair("k", out -> out.i32(8).i64(2).bytes(bad))
                        .open(),
                "'k'",
                "UTF-8");
        GgufFile file = new GgufSample()
                .pair(
                        "k",
                        out -> out.i32(9).i32(8).i64(2).sizedUtf8("ok").i64(2).bytes(bad))
                .open();
        assertRefused(() -> file.metadata().texts("k"), "'k' at index 1", "not valid UTF-8");
    }

    @Test
    void badMetadata() {
        assertRefused(() -> new GgufSample().pair("k", out -> out.i32(13)).open(), "'k' has value type 13");
        assertRefused(() -> new GgufSample().pair("k", out -> out.i32(7).i8(2)).open(), "'k' is 2, expected 0 or 1");
        assertRefused(() -> new GgufSample().text("k", "a").text("k", "b").open(), "duplicate metadata key 'k'");
        assertRefused(
                () -> new GgufSample()
                        .pair("k", out -> out.i32(9).i32(9).i64(1).i32(9))
                        .open(),
                "'k' holds arrays");
        assertRefused(
                () -> new GgufSample()
                        .pair("k", out -> out.i32(9).i32(0).i64(HUGE))
                        .open(),
                "length",
                "'k'",
                "at most");
        assertRefused(
                () -> new GgufSample()
                        .pair("k", out -> out.i32(9).i32(8).i64(9).i64(0))
                        .open(),
                "'k'",
                "at most");
        assertRefused(
                () -> new GgufSample()
                        .pair("general.alignment", out -> out.i32(4).i32(0))
                        .open(),
                "'general.alignment' is '0', expected a power of two");
        assertRefused(() -> new GgufSample().text("general.alignment", "x").open(), "'general.alignment' is 'x'");
    }

    @Test
    void badTensors() {
        assertRefused(() -> tensor(0, 0, 1, 1, 1, 1, 1), "'t' has 5 dimensions, expected at most 4");
        assertRefused(() -> tensor(0, 0, HUGE), "'t' takes bytes", "truncated");
        assertRefused(() -> tensor(0, 0, HUGE, HUGE), "'t'", "element count overflows");
        assertRefused(() -> tensor(0, 0, HUGE * 4), "'t'", "byte size", "overflows");
        assertRefused(() -> tensor(0, 0, -1), "'t'", "dimension -1 is negative");
        assertRefused(() -> tensor(0, 32, 1), "'t' takes bytes", "truncated");
        assertRefused(() -> tensor(0, Long.MAX_VALUE - 31, 1), "'t'", "overflows");
        assertRefused(() -> tensor(0, -32, 1), "'t' has offset 18446744073709551584");
        assertRefused(() -> tensor(0, 4, 1), "'t' has offset 4, expected a multiple of the alignment 32");
        assertRefused(() -> tensor(12, 0, 32), "'t': rows of 32", "Q4_K's block size 256");
        assertRefused(
                () -> new GgufSample()
                        .tensor("t", 0, 0, 1)
                        .tensor("t", 0, 32, 1)
                        .data(36)
                        .open(),
                "duplicate tensor 't'");
        assertRefused(
                () -> new GgufSample()
                        .tensor("a", 0, 0, 9)
                        .tensor("b", 0, 32, 1)
                        .data(64)
                        .open(),
                "'b' begins",
                "inside tensor 'a'");
    }

    @Test
    void namesThatWouldBreakTheLine() {
        String name = "a\nb\u2028" + "x".repeat(60_000);
        assertRefused(() -> new GgufSample().tensor(name, 0, 4, 1).data(64).open(), "a\\u000ab\\u2028");
    }

    private static Stream<GgmlType> blockTypes() {
        return Arrays.stream(GgmlType.values()).filter(t -> t.blockSize() > 1);
    }

    @ParameterizedTest
    @MethodSource("blockTypes")
    void blocksThatAreNotWhole(GgmlType type) {
        int size = type.blockSize();
        assertRefused(
                () -> tensor(type.id(), 0, size + size / 2, 4),
                "'t': rows of %d elements, expected a multiple of %s's block size %d"
                        .formatted(size + size / 2, type, size));
        assertRefused(
                () -> new GgufSample()
                        .tensor("t", type.id(), 0, size, 3)
                        .data(3 * type.blockBytes() - 1)
                        .open(),
                "'t'",
                "truncated");
        assertRefused(() -> tensor(type.id(), 0, 1L << 40, 1L << 22), "'t'", "truncated");
    }

    @Test
    void partsOfSplitModels() {
        GgufFile file = new GgufSample()
                .text("general.architecture", "llama")
                .pair("split.count", out -> out.i32(2).i8(3).i8(0))
                .open();
        assertRefused(() -> new GgufCheckpoint(file), "one of 3 parts");
    }

    @Test
    void noArchitecture() {
        assertRefused(
                () -> new GgufCheckpoint(new GgufSample().open()),
                "'general.architecture' is missing, expected a string");
    }

    @Test
    void emptyArraysCostNothing() {
        List<?> list = (List<?>) new GgufSample()
                .pair("k", out -> out.i32(9).i32(8).i64(0))
                .open()
                .metadata()
                .find("k")
                .orElseThrow();
        assertTrue(list.isEmpty());
    }

    private static void tensor(int type, long offset, long... ne) {
        new GgufSample().tensor("t", type, offset, ne).data(32).open();
    }

    private static void read(LittleEndianBuffer bytes) {
        GgufSample.read(bytes.toByteArray());
    }
}
