package org.attention4j.benchmarks.compare;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How a figure is found in a text. */
sealed interface Extraction {
    /**
     * The characters that should be a number.
     *
     * @param where what to call the text in a complaint
     * @throws MissingFigureException if there are none
     */
    String find(String where, String text) throws MissingFigureException;

    /** The group of a regular expression's last match: a program that measures again and again tells the settled figure last. */
    record LastMatch(Pattern pattern) implements Extraction {
        @Override
        public String find(String where, String text) throws MissingFigureException {
            Matcher matcher = pattern.matcher(text);
            String found = "";
            boolean any = false;
            while (matcher.find()) {
                any = matcher.group(1) != null;
                found = any ? matcher.group(1) : "";
            }
            if (!any) {
                throw new MissingFigureException("%s does not match %s".formatted(where, this));
            }
            return found;
        }

        @Override
        public String toString() {
            return "the regular expression " + pattern;
        }
    }

    /**
     * A place in a JSON document.
     *
     * @param lastLine whether the document is not the whole text, but its last line that begins with { or [
     */
    record Json(JsonPointer pointer, boolean lastLine) implements Extraction {
        private static final JsonMapper MAPPER = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();

        @Override
        public String find(String where, String text) throws MissingFigureException {
            JsonNode node = document(where, text).at(pointer);
            if (!node.isValueNode() || node.isNull()) {
                throw new MissingFigureException("%s has no number at %s".formatted(where, pointer));
            }
            return node.asString();
        }

        private JsonNode document(String where, String text) throws MissingFigureException {
            try {
                return MAPPER.readTree(lastLine ? lastLine(where, text) : text);
            } catch (JacksonException e) {
                throw new MissingFigureException("%s is not JSON: %s".formatted(where, e.getOriginalMessage()));
            }
        }

        private static String lastLine(String where, String text) throws MissingFigureException {
            return text.lines()
                    .map(String::strip)
                    .filter(line -> line.startsWith("{") || line.startsWith("["))
                    .reduce((earlier, later) -> later)
                    .orElseThrow(() -> new MissingFigureException(where + " has no line of JSON"));
        }

        @Override
        public String toString() {
            return pointer.toString();
        }
    }
}
