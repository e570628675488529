package org.attention4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelLocationTest {
    @Test
    void aPathIsItself() {
        assertEquals(Path.of("a/b.gguf"), ModelLocation.resolve("a/b.gguf"));
    }

    @Test
    void aModelInADirectoryOfTheClassPathIsUsedWhereItIs() throws IOException {
        Path path = ModelLocation.resolve("builtin:location-test");
        assertTrue(path.endsWith(Path.of("org", "attention4j", "models", "location-test.gguf")), path.toString());
        assertEquals("a placeholder", Files.readString(path).strip());
    }

    @Test
    void aModelInAJarIsCopiedToATemporaryFile(@TempDir Path directory) throws IOException {
        Path jar = directory.resolve("models.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            entries.putNextEntry(new ZipEntry("m.gguf"));
            entries.write("in a jar".getBytes(StandardCharsets.UTF_8));
        }
        URL url = URI.create("jar:" + jar.toUri() + "!/m.gguf").toURL();
        Path path = ModelLocation.locate("m", url);
        assertEquals("in a jar", Files.readString(path));
        Files.delete(path);
    }

    @Test
    void anUnknownNameIsAnErrorThatTellsWhereItWasLookedFor() {
        var e = assertThrows(IllegalArgumentException.class, () -> ModelLocation.resolve("builtin:none"));
        assertEquals(
                "builtin:none: the class path has no /org/attention4j/models/none.gguf, expected a jar with it such as "
                        + "attention4j-examples",
                e.getMessage());
    }

    @Test
    void aNameIsNoPath() {
        var e = assertThrows(IllegalArgumentException.class, () -> ModelLocation.resolve("builtin:../secret"));
        assertEquals("builtin: got the name '../secret', expected letters, digits and . _ -", e.getMessage());
    }
}
