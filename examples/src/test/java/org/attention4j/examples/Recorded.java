package org.attention4j.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What was recorded where the models of one variant were trained. */
public final class Recorded {
    private Recorded() {}

    /** Logits and answers of each model. */
    public static List<JsonNode> variants() {
        return lines("/org/attention4j/examples/variants.jsonl");
    }

    /** Those of one model. */
    public static JsonNode variant(String model) {
        return variants().stream()
                .filter(v -> v.get("model").asString().equals(model))
                .findFirst()
                .orElseThrow(() -> new AssertionError(model + " is not recorded"));
    }

    /** The questions that were answered. */
    public static List<JsonNode> questions() {
        return lines("/org/attention4j/examples/questions.jsonl");
    }

    private static List<JsonNode> lines(String resource) {
        JsonMapper mapper = JsonMapper.shared();
        try (InputStream in = Recorded.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new AssertionError(resource + " is not on the class path");
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            return lines.lines().map(mapper::readTree).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
