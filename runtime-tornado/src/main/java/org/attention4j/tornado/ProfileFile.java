package org.attention4j.tornado;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.Collectors;
import org.attention4j.core.backend.BackendException;
import org.attention4j.tornado.machine.Traffic;

/** A profile as a JSON file. */
final class ProfileFile {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd_HH-mm-ss", Locale.ROOT);

    private ProfileFile() {}

    /**
     * Writes the file, whose name is {@code prefix} and the time of day.
     *
     * @throws BackendException if it can't be written
     */
    static void write(String prefix, String device, Traffic traffic) {
        Path file = Path.of("%s_%s.json".formatted(prefix, TIME.format(LocalDateTime.now(ZoneId.systemDefault()))));
        try {
            Files.writeString(file, json(device, traffic));
        } catch (IOException e) {
            throw new BackendException("tornado: the profile can't be written to %s: %s".formatted(file, e), e);
        }
    }

    static String json(String device, Traffic traffic) {
        String kernels = traffic.kernels().entrySet().stream()
                .map(k -> "    {\"kernel\": %s, %s}".formatted(quoted(k.getKey()), fields(k.getValue())))
                .collect(Collectors.joining(",\n"));
        String runs = traffic.runs().stream()
                .map(r -> "    {\"graph\": %s, %s}".formatted(quoted(r.graph()), fields(r.sum())))
                .collect(Collectors.joining(",\n"));
        return """
                {
                  "device": %s,
                  "total": {%s},
                  "kernels": [
                %s
                  ],
                  "runs": [
                %s
                  ]
                }
                """.formatted(quoted(device), fields(traffic.total()), kernels, runs);
    }

    private static String fields(Traffic.Sum sum) {
        return ("\"launches\": %d, \"bytesToDevice\": %d, \"bytesFromDevice\": %d, \"nanos\": %d, \"reportedToDevice\": %d,"
                        + " \"reportedFromDevice\": %d")
                .formatted(
                        sum.launches(),
                        sum.bytesToDevice(),
                        sum.bytesFromDevice(),
                        sum.nanos(),
                        sum.reportedToDevice(),
                        sum.reportedFromDevice());
    }

    private static String quoted(String text) {
        return text.codePoints()
                .mapToObj(c -> c == '"' || c == '\\'
                        ? "\\" + Character.toString(c)
                        : c < 0x20 ? "\\u%04x".formatted(c) : Character.toString(c))
                .collect(Collectors.joining("", "\"", "\""));
    }
}
