package org.attention4j.loaders.onnxmodel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.attention4j.loaders.Config;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.io.Json;

/** JSON files as configurations, in whose keys a dot leads into an object. */
final class JsonTree {
    private static final long LARGEST = 1 << 22;

    private JsonTree() {}

    /** The values in a file; none if there is no such file. */
    static Config read(Path file) {
        Map<String, Object> flat = new LinkedHashMap<>();
        if (Files.isRegularFile(file)) {
            if (!(Json.document(file, LARGEST) instanceof Map<?, ?> tree)) {
                throw new ModelFormatException(file, "the JSON document is an array, expected an object");
            }
            flatten("", tree, flat);
        }
        return Config.of(file, flat);
    }

    private static void flatten(String prefix, Map<?, ?> tree, Map<String, Object> flat) {
        tree.forEach((key, value) -> {
            flat.put(prefix + key, value);
            if (value instanceof Map<?, ?> inner) {
                flatten(prefix + key + ".", inner, flat);
            }
        });
    }
}
