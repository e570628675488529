package org.attention4j.loaders.io;

import static org.attention4j.loaders.BadInput.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
    private static final Path FILE = Path.of("f.json");

    @Test
    void readsValuesOfEveryKind() {
        assertEquals(
                Map.of(
                        "text",
                        "a\nb",
                        "long",
                        9L,
                        "big",
                        new BigInteger("18446744073709551615"),
                        "real",
                        -1.5,
                        "infinite",
                        Double.NEGATIVE_INFINITY,
                        "flag",
                        true,
                        "list",
                        List.of(1L, List.of(), Map.of("k", false))),
                read("""
                    {"text":"a\\nb","long":9,"big":18446744073709551615,"real":-15e-1,"infinite":-Infinity,
                     "flag":true,"none":null,"list":[1,null,[],{"k":false,"n":null}]}\
                    """));
    }

    @Test
    void readsSizes() {
        Map<String, long[]> sizes = new HashMap<>();
        Json.readObject(
                FILE,
                bytes("{\"a\":[0,9223372036854775807],\"b\":[]}"),
                (key, value) -> sizes.put(key, Json.sizes(FILE, key, value)));
        assertArrayEquals(new long[] {0, Long.MAX_VALUE}, sizes.get("a"));
        assertArrayEquals(new long[0], sizes.get("b"));
    }

    @Test
    void isStrict() {
        assertRefused(() -> read("{'a':1}"), "f.json: not valid JSON at line 1, column 2");
        assertRefused(() -> read("{\"a\":1,}"), "not valid JSON");
        assertRefused(() -> read("{\"a\":1} // done"), "not valid JSON");
        assertRefused(() -> read("{\"a\":{\"b\":1,\"b\":1}}"), "uplicate");
        assertRefused(() -> read("{\"a\":\"\u0001\"}"), "not valid JSON");
        assertRefused(() -> read("{\"a\":1}{}"), "text follows the end");
    }

    private static Map<String, Object> read(String json) {
        Map<String, Object> tree = new HashMap<>();
        Json.readObject(FILE, bytes(json), (key, value) -> Json.value(value).ifPresent(v -> tree.put(key, v)));
        return tree;
    }

    private static MemorySegment bytes(String json) {
        return MemorySegment.ofArray(json.getBytes(StandardCharsets.UTF_8));
    }
}
