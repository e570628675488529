package org.attention4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
        URL url = jar(directory, Map.of("m.gguf", "in a jar"));
        Path path = BuiltinModels.locate("m", url);
        assertEquals("in a jar", Files.readString(path));
        Files.delete(path);
    }

    @Test
    void aDirectoryOfTheClassPathIsUsedWhereItIs() throws IOException {
        Path path = ModelLocation.resolve("builtin:location-directory");
        assertTrue(path.endsWith(Path.of("org", "attention4j", "models", "location-directory")), path.toString());
        assertEquals("{}", Files.readString(path.resolve("config.json")).strip());
    }

    @Test
    void ofADirectoryInAJarTheFilesThatItHasAreCopied(@TempDir Path directory) throws IOException {
        URL config = jar(directory, Map.of("m/config.json", "{}", "m/model.safetensors", "weights", "other", "no"));
        Path copy = BuiltinModels.locateDirectory("m", config);
        try (Stream<Path> files = Files.list(copy)) {
            assertEquals(
                    Set.of("config.json", "model.safetensors"),
                    files.map(f -> f.getFileName().toString()).collect(Collectors.toSet()));
        }
        assertEquals("weights", Files.readString(copy.resolve("model.safetensors")));
        assertTrue(copy.endsWith("m"), "the model's name is " + copy);
        MoreFiles.deleteRecursively(copy.resolveSibling(""), RecursiveDeleteOption.ALLOW_INSECURE);
    }

    @Test
    void anUnknownNameIsAnErrorThatListsThoseThatThereAre() {
        var e = assertThrows(IllegalArgumentException.class, () -> ModelLocation.resolve("builtin:none"));
        assertEquals(
                "builtin:none: the class path has no such model, expected one of location-directory, location-test",
                e.getMessage());
    }

    @Test
    void whereThereIsNoneTheErrorTellsWhereOneWouldBe() {
        assertEquals(Set.of(), BuiltinNames.list("/org/attention4j/elsewhere/", "config.json"));
    }

    @Test
    void aJarTellsItsNames(@TempDir Path directory) throws IOException {
        URL url = jar(
                directory,
                Map.of(
                        "m/a.gguf",
                        "",
                        "m/b/config.json",
                        "{}",
                        "m/b/c/config.json",
                        "{}",
                        "m/d/e.gguf",
                        "",
                        "m/f.txt",
                        ""));
        Set<String> names = new TreeSet<>();
        BuiltinNames.addJar((JarURLConnection) url.openConnection(), "m/", "config.json", names);
        assertEquals(Set.of("a", "b"), names);
    }

    @Test
    void messagesNameAModelInPlaceOfItsCopy() {
        Path path = ModelLocation.resolve("builtin:location-test");
        assertEquals("builtin:location-test: no weights", ModelLocation.withNames(path + ": no weights"));
        assertEquals("other.gguf: no weights", ModelLocation.withNames("other.gguf: no weights"));
    }

    @Test
    void aNameIsNoPath() {
        var e = assertThrows(IllegalArgumentException.class, () -> ModelLocation.resolve("builtin:../secret"));
        assertEquals("builtin: got the name '../secret', expected letters, digits and . _ -", e.getMessage());
    }

    /** A jar with these entries; the URL is that of the first in alphabetical order. */
    private static URL jar(Path directory, Map<String, String> contents) throws IOException {
        Path jar = directory.resolve("models.jar");
        SortedMap<String, String> sorted = new TreeMap<>(contents);
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            for (Map.Entry<String, String> entry : sorted.entrySet()) {
                entries.putNextEntry(new ZipEntry(entry.getKey()));
                entries.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return URI.create("jar:" + jar.toUri() + "!/" + sorted.firstKey()).toURL();
    }
}
