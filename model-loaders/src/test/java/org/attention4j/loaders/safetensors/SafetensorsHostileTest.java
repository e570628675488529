package org.attention4j.loaders.safetensors;

import static org.attention4j.loaders.BadInput.assertMutationsReadOrRefused;
import static org.attention4j.loaders.BadInput.assertPrefixesRefused;
import static org.attention4j.loaders.BadInput.assertRefused;

import java.nio.file.Path;
import org.attention4j.loaders.io.LittleEndianBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Broken and hostile safetensors files. */
class SafetensorsHostileTest {
    @Test
    void truncated() {
        assertPrefixesRefused(SafetensorsSample.valid(), SafetensorsSample::read);
    }

    @Test
    void mutated() {
        assertMutationsReadOrRefused(
                SafetensorsSample.valid(), bytes -> SafetensorsSample.readAll(SafetensorsSample.read(bytes)));
    }

    @Test
    void missing(@TempDir Path dir) {
        assertRefused(() -> SafetensorsFile.open(dir.resolve("gone.safetensors")), "gone.safetensors", "no such file");
    }

    @Test
    void headerLongerThanTheFile() {
        assertRefused(() -> readLength(1_000_000_000_000_000_000L), "header's length is 1000000000000000000");
        assertRefused(() -> readLength(-1), "header's length is 18446744073709551615");
        assertRefused(() -> readLength(60), "header's length is 60", "56 bytes left");
        assertRefused(() -> readLength(0), "header's length is 0");
    }

    @Test
    void headerThatIsNotAnObject() {
        assertRefused(() -> header("[]"), "not an object");
        assertRefused(() -> header("{\"a\""), "not valid JSON at line 1");
        assertRefused(() -> header("{} {}"), "text follows the end");
        assertRefused(() -> header("{\"a\":{},\"a\":{}}"), "sample.safetensors");
        assertRefused(() -> header("{\"a\":3}"), "'a' is not an object");
        assertRefused(() -> header("{\"a\":" + "[".repeat(100_000) + "}"), "sample.safetensors");
        assertRefused(() -> header("{\"__metadata__\":{\"k\":3}}"), "'k' is not a string");
    }

    @Test
    void headerThatIsNotUtf8() {
        byte[] bytes = SafetensorsSample.bytes("{\"__metadata__\":{\"k\":\"??\"}}", 0);
        bytes[8 + 22] = (byte) 0xc3;
        assertRefused(() -> SafetensorsSample.read(bytes), "not valid UTF-8");
    }

    @Test
    void duplicateTensors() {
        assertRefused(() -> header("""
            {"a":{"dtype":"I8","shape":[],"data_offsets":[0,1]},
             "a":{"dtype":"I8","shape":[],"data_offsets":[1,2]}}\
            """), "uplicate", "a");
    }

    @Test
    void entriesWithMissingOrWrongFields() {
        assertRefused(() -> entry("{}"), "'a' lacks a field");
        assertRefused(() -> entry("{\"dtype\":\"F32\",\"shape\":[1]}"), "'a' lacks a field");
        assertRefused(() -> entry("{\"colour\":\"F32\"}"), "unknown field 'colour'");
        assertRefused(() -> entry("{\"dtype\":5}"), "dtype is not a string");
        assertRefused(() -> entry("{\"shape\":5}"), "shape is not an array");
        assertRefused(() -> entry("{\"shape\":[\"x\"]}"), "shape holds 'x'");
        assertRefused(() -> entry("{\"shape\":[1.5]}"), "shape holds '1.5'");
        assertRefused(() -> entry("{\"shape\":[-1]}"), "shape holds '-1'");
        assertRefused(() -> entry("{\"shape\":[99999999999999999999]}"), "shape holds '99999999999999999999'");
    }

    @Test
    void wrongSizesAndOffsets() {
        assertRefused(() -> entry("F32", "[1000000000000000000,100]", "[0,8]"), "'a'", "element count overflows");
        assertRefused(() -> entry("F64", "[4000000000000000000]", "[0,8]"), "'a'", "byte size", "overflows");
        assertRefused(
                () -> entry("F32", "[1000000000000000000]", "[0,8]"),
                "'a' takes 8 bytes, expected 4000000000000000000");
        assertRefused(() -> entry("F32", "[3]", "[0,8]"), "'a' takes 8 bytes, expected 12 for F32[3]");
        assertRefused(() -> entry("F32", "[2]", "[8,0]"), "'a' data_offsets");
        assertRefused(() -> entry("F32", "[2]", "[0,8,9]"), "'a' data_offsets");
        assertRefused(() -> entry("F32", "[4]", "[0,16]"), "'a' takes bytes 0 to 16, but the file has only 8");
        assertRefused(() -> entry("F32", "[1]", "[4,8]"), "4 bytes before tensor 'a'");
        assertRefused(() -> entry("F32", "[1]", "[0,4]"), "4 bytes after the last tensor");
        assertRefused(() -> entry("I8", "[" + "1,".repeat(99) + "8]", "[0,8]"), "'a' has 100 dimensions");
    }

    @Test
    void overlappingTensors() {
        assertRefused(() -> header("""
            {"a":{"dtype":"I8","shape":[6],"data_offsets":[0,6]},
             "b":{"dtype":"I8","shape":[4],"data_offsets":[4,8]}}\
            """), "'b' begins at byte 4, inside tensor 'a'");
    }

    private static void entry(String dtype, String shape, String offsets) {
        entry("{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}".formatted(dtype, shape, offsets));
    }

    private static void entry(String json) {
        header("{\"a\":" + json + "}");
    }

    private static void header(String json) {
        SafetensorsSample.read(SafetensorsSample.bytes(json, 8));
    }

    private static void readLength(long length) {
        SafetensorsSample.read(
                new LittleEndianBuffer().i64(length).bytes(new byte[56]).toByteArray());
    }
}
