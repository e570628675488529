package org.attention4j.pictures;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** Web pages of one file: a page of this package's resources with data in it. */
final class Pages {
    private static final String TITLE = "@TITLE@";
    private static final String DATA = "\"@DATA@\"";

    private Pages() {}

    /**
     * Writes a page.
     *
     * @param template the name of a resource that holds the two placeholders
     * @param data becomes JSON, in which nothing can end the script that it stands in
     */
    static void write(String template, String title, Object data, Path file) throws IOException {
        String page = resource(template);
        int at = page.indexOf(DATA);
        String json = JsonMapper.shared().writeValueAsString(data).replace("<", "\\u003c");
        String head = page.substring(0, at).replace(TITLE, escaped(title));
        Files.writeString(file, head + json + page.substring(at + DATA.length()));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Optional.ofNullable(Pages.class.getResourceAsStream(name))
                .orElseThrow(() -> new IllegalStateException("no resource " + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
