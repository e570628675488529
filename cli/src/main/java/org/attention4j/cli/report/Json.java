package org.attention4j.cli.report;

import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Results as JSON: records become objects with their components in order. */
public final class Json {
    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Json() {}

    /** The value, indented, without a line break at the end. */
    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }
}
