package org.attention4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCachesTest {
    @TempDir
    private Path dir;

    private ModelCaches caches = new ModelCaches(Path.of(""), Path.of(""));

    @BeforeEach
    void makeCaches() {
        caches = new ModelCaches(dir.resolve("hub"), dir.resolve("llama.cpp"));
    }

    @Test
    void environmentVariablesSayWhereTheyAre() {
        Path home = Path.of("/home/me");
        assertEquals(
                new ModelCaches(home.resolve(".cache/huggingface/hub"), home.resolve(".cache/llama.cpp")),
                ModelCaches.of(Map.of(), home));
        assertEquals(
                new ModelCaches(Path.of("/x/huggingface/hub"), Path.of("/x/llama.cpp")),
                ModelCaches.of(Map.of("XDG_CACHE_HOME", "/x"), home));
        assertEquals(
                new ModelCaches(Path.of("/hf/hub"), Path.of("/llama")),
                ModelCaches.of(Map.of("HF_HOME", "/hf", "LLAMA_CACHE", "/llama"), home));
        assertEquals(
                Path.of("/hub"),
                ModelCaches.of(Map.of("HF_HOME", "/hf", "HF_HUB_CACHE", "/hub"), home)
                        .huggingFace());
    }

    @Test
    void aNameIsAFolderOfHuggingFacesCache() throws IOException {
        Path snapshot = snapshot("org", "name", "abc");
        Files.writeString(snapshot.resolve("config.json"), "{}");
        assertEquals(Optional.of(snapshot), caches.find("org/name"));
        Path repository = dir.resolve("hub/models--org--name");
        assertEquals(snapshot, ModelLocation.find(repository.toString(), caches));
        Files.createDirectories(repository.resolve("snapshots/old"));
        Files.createDirectories(repository.resolve("refs"));
        Files.writeString(repository.resolve("refs/main"), "abc\n");
        assertEquals(snapshot, ModelCaches.resolve(repository), "the snapshot that refs/main names");
    }

    @Test
    void aPartOfAFilesNameChoosesAmongGgufFiles() throws IOException {
        Path snapshot = snapshot("org", "name-GGUF", "abc");
        Path q4 = Files.createFile(snapshot.resolve("name-Q4_K_M.gguf"));
        Files.createFile(snapshot.resolve("name-Q8_0.gguf"));
        assertEquals(Optional.of(q4), caches.find("org/name-GGUF:q4_k_m"));
        assertEquals(
                snapshot + " has several GGUF files, expected the name of one: name-Q4_K_M.gguf, name-Q8_0.gguf",
                refused("org/name-GGUF"));
        assertEquals(
                "org/name-GGUF:Q2_K: no such GGUF file in " + snapshot
                        + ", expected one of name-Q4_K_M.gguf, name-Q8_0.gguf",
                refused("org/name-GGUF:Q2_K"));
    }

    @Test
    void llamaCppsCacheHasFiles() throws IOException {
        Files.createDirectories(dir.resolve("llama.cpp"));
        Path file = Files.createFile(dir.resolve("llama.cpp/org_name_model-q4.gguf"));
        Files.createFile(dir.resolve("llama.cpp/org_name_model-q4.gguf.json"));
        assertEquals(Optional.of(file), caches.find("org/name"));
        assertEquals(Optional.of(file), caches.find("org_name_model-q4.gguf"));
        Path other = Files.createFile(dir.resolve("llama.cpp/org_name_model-q8.gguf"));
        assertEquals(Optional.of(other), caches.find("org/name:q8"));
        assertEquals(
                "org/name has several GGUF files, expected the name of one: org_name_model-q4.gguf,"
                        + " org_name_model-q8.gguf",
                refused("org/name"));
    }

    @Test
    void theFirstPartStandsForAModelInSeveralFiles() throws IOException {
        Path first = Files.createFile(dir.resolve("m-00001-of-00002.gguf"));
        Files.createFile(dir.resolve("m-00002-of-00002.gguf"));
        assertEquals(first, ModelCaches.resolve(dir));
        Files.createFile(dir.resolve("other.gguf"));
        assertEquals(
                dir
                        + " has several GGUF files, expected the name of one: m-00001-of-00002.gguf,"
                        + " m-00002-of-00002.gguf, other.gguf",
                assertThrows(IllegalArgumentException.class, () -> ModelCaches.resolve(dir))
                        .getMessage());
    }

    @Test
    void pathsAreThemselves() throws IOException {
        Path file = Files.createFile(dir.resolve("m.gguf"));
        assertEquals(file, ModelLocation.find(file.toString(), caches));
        assertEquals(dir, ModelLocation.find(dir.toString(), caches), "a directory with one file is opened as it is");
        assertEquals(Path.of("/no/such/model"), ModelLocation.find("/no/such/model", caches));
        assertEquals(Path.of("gone.gguf"), ModelLocation.find("gone.gguf", caches));
    }

    @Test
    void whatIsNotThereIsAnErrorThatTellsWhereItWasLookedFor() {
        assertEquals(
                "org/name: no such file or directory; looked for it as a model, too, in %s and %s (models are not downloaded)"
                        .formatted(dir.resolve("hub"), dir.resolve("llama.cpp")),
                refused("org/name"));
    }

    private String refused(String name) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> caches.find(name))
                .getMessage());
    }

    private Path snapshot(String organisation, String name, String revision) throws IOException {
        return Files.createDirectories(
                dir.resolve("hub/models--%s--%s/snapshots/%s".formatted(organisation, name, revision)));
    }
}
