package org.attention4j.pictures;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A headless Chromium: the file that the system property {@code attention4j.chromium} names, or the first on the path. */
final class Browser {
    private static final String PROPERTY = "attention4j.chromium";
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private final Path program;

    private Browser(Path program) {
        this.program = program;
    }

    /** The browser; skips the calling test if there is none. */
    static Browser assumePresent() {
        Optional<Path> found = find();
        Assumptions.assumeTrue(
                found.isPresent(),
                () -> "skipped: none of %s is on the path (system property %s)".formatted(NAMES, PROPERTY));
        return new Browser(found.orElseThrow());
    }

    private static Optional<Path> find() {
        String given = System.getProperty(PROPERTY);
        if (given != null) {
            return Optional.of(Path.of(given));
        }
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of(path.split(File.pathSeparator))
                .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** A page after its scripts have run. */
    record Page(String dom) {
        /** What a script left at the body; empty: nothing. */
        Optional<String> data(String name) {
            Matcher m =
                    Pattern.compile("<body[^>]* data-" + name + "=\"([^\"]*)\"").matcher(dom);
            return m.find() ? Optional.of(m.group(1)) : Optional.empty();
        }
    }

    /** Opens a file, with its own profile in {@code directory}; no name of any host can be resolved. */
    Page open(Path file, Path directory) throws IOException, InterruptedException {
        Path out = directory.resolve("dom.html");
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--host-resolver-rules=MAP * ~NOTFOUND",
                        "--user-data-dir=" + directory.resolve("profile"),
                        "--dump-dom",
                        file.toUri().toString())
                .redirectOutput(out.toFile())
                .redirectError(directory.resolve("errors.txt").toFile())
                .start();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new IOException("%s: the browser took more than 60 s".formatted(file));
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        return new Page(Files.readString(out, UTF_8));
    }
}
