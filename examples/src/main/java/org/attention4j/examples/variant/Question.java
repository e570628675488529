package org.attention4j.examples.variant;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A question about a story that no model was trained with.
 *
 * @param prompt the story and the question
 * @param answer what is to follow, with the space before it
 * @param distance tokens between the fact and the end of the prompt
 */
record Question(String prompt, String answer, int distance) {
    private static final String RESOURCE = "/org/attention4j/examples/questions.jsonl";

    /**
     * The first questions of the resource.
     *
     * @throws IllegalArgumentException if it has fewer
     */
    static List<Question> first(int count) throws IOException {
        List<Question> all = all();
        if (count > all.size()) {
            throw new IllegalArgumentException("--count: got %d, expected 1 to %d".formatted(count, all.size()));
        }
        return all.subList(0, count);
    }

    private static List<Question> all() throws IOException {
        try (InputStream in = Question.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IOException(RESOURCE + " is not on the class path");
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            return lines.lines().map(Question::parse).toList();
        }
    }

    private static Question parse(String line) {
        JsonNode json = JsonMapper.shared().readTree(line);
        return new Question(
                json.get("prompt").asString(),
                json.get("answer").asString(),
                json.get("distance").asInt());
    }
}
