package org.attention4j.pictures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AttentionPageTest {
    /** Points at the given cell as a mouse does, and keeps what the page says. */
    private static final String POINT = """
            <script>
            const box = byId('map').getBoundingClientRect(), { left, top: above, cell } = current.at;
            byId('map').dispatchEvent(new PointerEvent('pointermove', {
              clientX: box.left + left + %d.5 * cell, clientY: box.top + above + %d.5 * cell }));
            document.body.dataset.says = byId('says').textContent;
            </script>
            """;

    @TempDir
    private Path directory;

    private Path write() throws IOException {
        Path file = directory.resolve("map.html");
        Samples.picture(
                        Samples.HOSTILE,
                        Samples.map(0, "gqa", true, Samples.windowWithSink(), Samples.windowWithSink()),
                        Samples.map(1, "rwkv7", false, Samples.decay()))
                .write(file);
        return file;
    }

    @Test
    void aBrowserDrawsEveryWeight() throws IOException, InterruptedException {
        Browser.Page page = Browser.assumePresent().open(write(), directory);
        assertEquals(Optional.empty(), page.data("error"));
        assertEquals(Optional.of("3"), page.data("heads"));
        assertEquals(Optional.of(String.valueOf(3 * 16)), page.data("cells"));
        assertEquals(
                Optional.of(String.valueOf(7 + 7 + 9)),
                page.data("inked"),
                "10 weights of a recurrence, one too small");
        assertTrue(page.dom().contains("<title>a &amp; &lt;b&gt;</title>"));
        assertTrue(page.dom().contains("Not shown: layer 7 (&lt;i&gt;odd&lt;/i&gt;): none"));
    }

    /** Column 0 is the sink, 1 a gap, 2 the first token. */
    @Test
    void pointingTellsTheWeight() throws IOException, InterruptedException {
        Browser browser = Browser.assumePresent();
        String page = Files.readString(write());
        Path token = directory.resolve("token.html");
        Files.writeString(token, page.replace("</body>", POINT.formatted(3, 2) + "</body>"));
        assertEquals(
                Optional.of("↵ (2) takes 0.700 of \"'&<!-- (1)"
                        .replace("&", "&amp;")
                        .replace("\"", "&quot;")),
                browser.open(token, directory).data("says").map(AttentionPageTest::escapedAngle));
        Path sink = directory.resolve("sink.html");
        Files.writeString(sink, page.replace("</body>", POINT.formatted(0, 2) + "</body>"));
        assertEquals(
                Optional.of("↵ (2) takes 0.250 of the sink, which is no token"),
                browser.open(sink, directory).data("says"));
    }

    /** Browsers differ in whether they write an attribute's angle brackets as they are. */
    private static String escapedAngle(String text) {
        return text.replace("&lt;", "<").replace("&gt;", ">");
    }

    @Test
    void asksForNothing() throws IOException {
        String page = Files.readString(write());
        assertTrue(page.contains("content=\"default-src 'none'; "), "what browsers then refuse to fetch is everything");
        assertFalse(page.matches("(?s).*<[^>]+\\s(src|href)=.*"), "no element that refers to another file");
        assertFalse(page.contains("://"), "no address");
        assertEquals(1, page.split("</script>", -1).length - 1, "no token ends the script");
    }

    /** Float16 has 11 bits, of which half of the last is lost at most; no weight becomes 0. */
    @Test
    void weightsKeepThreeDigits() throws IOException {
        String page = Files.readString(write());
        String json = page.substring(page.indexOf("const data = ") + 13, page.indexOf(";\nconst byId"));
        JsonNode head = JsonMapper.shared()
                .readTree(json)
                .get("maps")
                .get(1)
                .get("heads")
                .get(0);
        byte[] bytes = Base64.getDecoder().decode(head.get("weights").asString());
        assertEquals(2 * 10, bytes.length, "the lower triangle");
        int at = 0;
        for (int row = 0; row < 4; row++) {
            for (int column = 0; column <= row; column++, at += 2) {
                float half = Float.float16ToFloat((short) ((bytes[at] & 0xff) | (bytes[at + 1] << 8)));
                double weight = half * head.get("largest").asDouble();
                double expected = Samples.decay().get(row, column);
                assertEquals(expected, weight, Math.max(Math.abs(expected) * 0x1p-11, 2 * 0x1p-24));
                assertEquals(expected == 0, weight == 0);
            }
        }
    }
}
