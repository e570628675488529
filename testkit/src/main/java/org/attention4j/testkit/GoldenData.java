package org.attention4j.testkit;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reference data made by other people's code, kept outside the project: the directory that the system property
 * {@code attention4j.golden} names, by default {@code ../shared/golden} beside the repository. Where it is absent, tests that
 * need it are skipped and say so.
 */
public final class GoldenData {
    /** The system property that names the directory. */
    public static final String PROPERTY = "attention4j.golden";

    private static final Path DEFAULT = Path.of("..", "shared", "golden");

    private final Path directory;
    private final ImmutableList<JsonNode> index;

    private GoldenData(Path directory) {
        this.directory = directory;
        this.index = read(directory.resolve("index.jsonl"));
    }

    /** The data; skips the calling test if there is none. */
    public static GoldenData assumePresent() {
        Path directory = location();
        Assumptions.assumeTrue(
                Files.isRegularFile(directory.resolve("index.jsonl")),
                () -> "skipped: no golden data at %s (system property %s)".formatted(directory, PROPERTY));
        return new GoldenData(directory);
    }

    private static Path location() {
        return Optional.ofNullable(System.getProperty(PROPERTY))
                .map(Path::of)
                .orElseGet(() -> repository().resolve(DEFAULT))
                .toAbsolutePath()
                .normalize();
    }

    /** The nearest directory from the working directory upwards that Maven would take for the root of the build. */
    private static Path repository() {
        Path start = Path.of("").toAbsolutePath();
        return Stream.iterate(Optional.of(start), Optional::isPresent, p -> p.map(Path::getParent))
                .flatMap(Optional::stream)
                .filter(p -> Files.isDirectory(p.resolve(".mvn")))
                .findFirst()
                .orElse(start);
    }

    private static ImmutableList<JsonNode> read(Path file) {
        // The index is Python's JSON, which writes Infinity where a limit is infinite.
        JsonMapper json = JsonMapper.builder()
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .build();
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(json::readTree).collect(ImmutableList.toImmutableList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The directory that the index's paths are relative to. */
    public Path directory() {
        return directory;
    }

    /** The index's lines of a kind: {@code op}, {@code model} or {@code gguf}. */
    public Stream<JsonNode> entries(String kind) {
        return index.stream().filter(e -> e.get("kind").asString().equals(kind));
    }

    /**
     * The recorded calls of an op.
     *
     * @param op its name in the index, such as {@code mha_full}
     * @return at least one: a name that the index does not have skips the calling test
     */
    public ImmutableList<GoldenCase> cases(String op) {
        ImmutableList<GoldenCase> cases = entries("op")
                .filter(e -> e.get("op").asString().equals(op))
                .map(e -> new GoldenCase(directory, e))
                .collect(ImmutableList.toImmutableList());
        Assumptions.assumeFalse(
                cases.isEmpty(), () -> "skipped: the golden data at %s has no op %s".formatted(directory, op));
        return cases;
    }
}
